import { ValidateBy, type ValidationArguments } from 'class-validator';
import { portalName } from './portal-name.js';
import type { Shape, ShapeFault } from './shapes.js';

const check = (name: string, faultIn: (value: unknown, args: ValidationArguments) => string | undefined) =>
  ValidateBy({
    name,
    validator: {
      validate: (value, args) => faultIn(value, args as ValidationArguments) === undefined,
      defaultMessage: (args) => (args && faultIn(args.value, args)) ?? '',
    },
  });

const shapes = new Map<object, Map<string, Shape>>();

/** A key whose value has a shape of its own: the faults in it keep their places. */
export const HasShape =
  (shape: Shape): PropertyDecorator =>
  (target, key) => {
    const ofClass = shapes.get(target) ?? new Map<string, Shape>();
    shapes.set(target, ofClass.set(String(key), shape));
    ValidateBy({
      name: SHAPE,
      validator: { validate: (value) => shape(value).length === 0, defaultMessage: () => 'has faults' },
    })(target, key);
  };
/** The validator's name, by which its faults are found. */
export const SHAPE = 'shape';

/** What is wrong with a key that has a shape. */
export const shapeFaults = (target: object, key: string, value: unknown): readonly ShapeFault[] => {
  for (let type: object | null = target; type !== null; type = Object.getPrototypeOf(type) as object | null) {
    const shape = shapes.get(type)?.get(key);
    if (shape !== undefined) return shape(value);
  }
  return [];
};

export const IsTimeZone = () =>
  check('timeZone', (value) =>
    typeof value === 'string' && /^[A-Za-z]/.test(value) && isTimeZone(value)
      ? undefined
      : 'must be an IANA time zone, such as Europe/Dublin',
  );

const isTimeZone = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** The name of a mounted directory: no path. */
export const isSecretName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9]([a-z0-9-]{0,99}[a-z0-9])?$/.test(value);

export const IsSecretRef = () =>
  check('secretRef', (value) => (isSecretName(value) ? undefined : 'must name a mounted secret: a-z, 0-9 and -'));

interface PortalLike {
  readonly portal?: unknown;
  readonly topLevel?: unknown;
  readonly baseUrl?: unknown;
}
const portalsOf = (value: unknown): readonly PortalLike[] =>
  Array.isArray(value) ? value.map((one: unknown) => (isObject(one) ? one : {})) : [];

export const HasOneTopLevelPortal = () =>
  check('oneTopLevel', (value) => {
    const top = portalsOf(value).flatMap(({ topLevel }, index) =>
      topLevel === true ? [portalName(value, index)] : [],
    );
    if (top.length === 1) return undefined;
    if (top.length === 0) return 'must have one portal with topLevel: true';
    return `must have one portal with topLevel: true, and has ${top.length}: ${top.join(', ')}`;
  });

export const HasUniquePortals = () =>
  check('uniquePortals', (value) => {
    const names = portalsOf(value).map(({ portal }) => portal);
    const twice = names.find((name, index) => typeof name === 'string' && names.indexOf(name) !== index);
    return twice === undefined ? undefined : `has the portal "${String(twice)}" twice`;
  });

/** Two names for one portal of LearnUpon would be two who change it. */
export const HasUniqueAddresses = () =>
  check('uniqueAddresses', (value) => {
    const addresses = portalsOf(value).map(({ baseUrl }) => addressOf(baseUrl));
    const twice = addresses.findIndex(
      (address, index) => address !== undefined && addresses.indexOf(address) !== index,
    );
    if (twice < 0) return undefined;
    const [one, other] = [addresses.indexOf(addresses[twice]), twice].map((index) => portalName(value, index));
    return `has the address ${addresses[twice]} twice: ${one} and ${other} are one portal`;
  });

const addressOf = (baseUrl: unknown): string | undefined => {
  const url = typeof baseUrl === 'string' ? URL.parse(baseUrl) : null;
  return url === null ? undefined : `${url.origin}${url.pathname}`.replace(/\/+$/, '');
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
