import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { whatToWrite } from './setting.js';

type ConfigClass<T> = new () => T;

/** Everything that is wrong with the environment, one line a fault. It names variables and never shows values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** `natsUrl` → `NATS_URL`. */
export const environmentName = (property: string): string =>
  property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

const propertiesOf = (type: ConfigClass<unknown>): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

/** A variable's text, or the text of the file that `<NAME>_FILE` names. Empty is absent. */
const readVariable = (name: string, env: NodeJS.ProcessEnv, faults: string[]): string | undefined => {
  const direct = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) faults.push(`${name} and ${name}_FILE are both set: keep one`);
  try {
    return readFileSync(file, 'utf8').trimEnd() || undefined;
  } catch {
    faults.push(`${name}_FILE names a file that can't be read: ${file}`);
    return undefined;
  }
};

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The text as the property's declared type; what can't be converted stays as it is, for the validator to refuse. */
const convert = (text: string, type: unknown): unknown => {
  if (type === Number) return text.trim() === '' ? Number.NaN : Number(text);
  if (type === Boolean) return { true: true, false: false }[text.toLowerCase()] ?? text;
  if (type === Array) return listOf(text);
  return text;
};

const sentence = (type: ConfigClass<unknown>, { property, value, constraints }: ValidationError): string => {
  const name = environmentName(property);
  const rules = Object.values(constraints ?? {}).map((rule) => rule.replaceAll(property, name));
  // The first rule says the most: the others follow from it, as for a number that is none.
  const problem = value === undefined ? `${name} is missing` : (rules.at(-1) ?? name);
  const write = whatToWrite(type, property);
  return write === undefined ? problem : `${problem}: write ${write}`;
};

/**
 * Fills a class of class-validator properties from the environment: `natsUrl` from `NATS_URL`, or from the file that
 * `NATS_URL_FILE` names. Numbers, booleans and comma lists are converted by the declared type. Other variables are ignored.
 * @throws ConfigError with all faults at once.
 */
export const loadConfig = <T extends object>(type: ConfigClass<T>, env: NodeJS.ProcessEnv = process.env): T => {
  const config = new type();
  const faults: string[] = [];
  for (const property of propertiesOf(type)) {
    const text = readVariable(environmentName(property), env, faults);
    if (text === undefined) continue;
    const declared: unknown = Reflect.getMetadata('design:type', type.prototype, property);
    (config as Record<string, unknown>)[property] = convert(text, declared);
  }
  const errors = validateSync(config, { forbidUnknownValues: true });
  faults.push(...errors.map((error) => sentence(type, error)));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

/** One line per variable, for a command's help. */
export const describeConfig = (type: ConfigClass<object>): string => {
  const defaults = new type() as Record<string, unknown>;
  const lines = propertiesOf(type).map((property) => {
    const fallback = defaults[property];
    const shown = fallback === undefined || fallback === '' ? '' : ` (${String(fallback)} unless told)`;
    return `  ${environmentName(property).padEnd(20)} ${whatToWrite(type, property) ?? ''}${shown}`;
  });
  return lines.join('\n');
};
