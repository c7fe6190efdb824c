import 'reflect-metadata';

const SETTING = Symbol('portico:setting');

/** Says what to write in the variable, as the end of the sentence "write …". */
export const Setting =
  (write: string): PropertyDecorator =>
  (target, key) =>
    Reflect.defineMetadata(SETTING, write, target, key);

export const whatToWrite = (type: { prototype: object }, property: string): string | undefined =>
  Reflect.getMetadata(SETTING, type.prototype, property) as string | undefined;
