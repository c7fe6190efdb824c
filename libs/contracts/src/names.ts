/**
 * The only place that knows the names on the wire: streams, subjects, event types, durable consumers and questions.
 * A subject's token may hold `[A-Za-z0-9_-]` only, so that no tenant, portal or id can widen a subject.
 */
export const STREAMS = {
  realms: 'PORTICO_REALMS',
  employees: 'PORTICO_EMPLOYEES',
  access: 'PORTICO_ACCESS',
  learners: 'PORTICO_LEARNERS',
  operations: 'PORTICO_OPERATIONS',
  dead: 'PORTICO_DEAD',
} as const;
export type StreamKind = keyof typeof STREAMS;
export type StreamName = (typeof STREAMS)[StreamKind];

export const EVENT_TYPES = {
  realmChanged: 'portico.realm.changed.v1',
  employeeChanged: 'portico.employee.changed.v1',
  accessDecided: 'portico.access.decided.v1',
  learner: (event: string) => `portico.learner.${event}.v1`,
  operation: (event: string) => `portico.operation.${event}.v1`,
  dead: 'portico.message.dead.v1',
} as const;

export const SERVICES = {
  ingestion: 'bamboohr-ingestion',
  policy: 'realm-policy',
  provisioning: 'learnupon-provisioning',
  admin: 'admin-api',
} as const;
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];

const ROOT = 'portico.v1';
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/** A tenant's or a pool's name: `[a-z0-9-]{1,40}`. */
export const SLUG = /^[a-z0-9-]{1,40}$/;
/** BambooHR's employee id: immutable, unique per company, digits in practice. */
export const EMPLOYEE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws RangeError when a value could widen a subject or break it. */
const token = (value: string): string => {
  if (!TOKEN.test(value)) throw new RangeError(`"${value}" can't be part of a subject: use letters, digits, _ and -`);
  return value;
};
const join = (...tokens: readonly string[]): string => [ROOT, ...tokens.map(token)].join('.');

/** Subjects of single messages. */
export const subjects = {
  realm: (tenant: string) => join('realm', tenant),
  employee: (pool: string, tenant: string, employeeId: string) => join('employee', pool, tenant, employeeId),
  access: (pool: string, tenant: string, employeeId: string) => join('access', pool, tenant, employeeId),
  learner: (tenant: string, portal: string, event: string) => join('learner', tenant, portal, ...event.split('.')),
  operation: (tenant: string, event: string) => join('operation', tenant, ...event.split('.')),
  dead: (stream: string, consumer: string) => join('dead', stream, consumer),
  /** Request–reply, core NATS: `portico.v1.ask.<service>.<question>`. */
  ask: (service: ServiceName, question: string) => join('ask', service, ...question.split('.')),
} as const;

/** Filters of streams, consumers and permissions. `pool` or `tenant` absent means all of them. */
export const filters = {
  stream: (kind: 'realm' | 'employee' | 'access' | 'learner' | 'operation' | 'dead') => `${ROOT}.${kind}.>`,
  pool: (kind: 'employee' | 'access', pool: string) => `${ROOT}.${kind}.${token(pool)}.>`,
  poolTenant: (kind: 'employee' | 'access', pool: string, tenant: string) =>
    `${ROOT}.${kind}.${token(pool)}.${token(tenant)}.>`,
  tenant: (kind: 'learner' | 'operation', tenant: string) => `${ROOT}.${kind}.${token(tenant)}.>`,
  asks: (service: ServiceName) => `${ROOT}.ask.${service}.>`,
} as const;

/** Durable pull consumers: one per service, and per pool where the stream has pools. */
export const durables = {
  ingestionRealms: SERVICES.ingestion,
  provisioningRealms: SERVICES.provisioning,
  policyEmployees: (pool: string) => `${SERVICES.policy}-${token(pool)}`,
  provisioningAccess: (pool: string) => `${SERVICES.provisioning}-${token(pool)}`,
} as const;
