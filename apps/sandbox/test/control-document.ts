import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { operations } from '../src/control/openapi/document.js';
import type { Schema } from '../src/control/openapi/schema.js';
import { Router } from '../src/http/router.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
formats.default(ajv);

const router = new Router(operations);
const compiled = new WeakMap<Schema, ReturnType<typeof ajv.compile>>();

const validate = (schema: Schema, value: unknown): string[] => {
  const check = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, check);
  return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

interface Exchange {
  readonly method: string;
  /** Below the control API's base. */
  readonly path: string;
  readonly sent: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** What of a call differs from its description: what was sent, where it was taken, and what was answered. */
export const undescribed = ({ method, path, sent, status, answer }: Exchange): string[] => {
  const match = router.find(method, path);
  if (typeof match === 'string') return status < 400 ? [`${method} ${path} is not described`] : [];
  const { body, answer: expected, status: success = 200 } = match.handler;
  if (status >= 400) return typeof (answer as { error?: unknown }).error === 'string' ? [] : ['no "error" in an error'];
  return [
    ...(status === success ? [] : [`status ${status}, not ${success}`]),
    ...(sent === undefined ? [] : validate(body ?? {}, sent)),
    ...validate(expected, answer),
  ];
};
