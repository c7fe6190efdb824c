/** What the reference leaves open about BambooHR, and numbers that nobody outside knows. */
export const BAMBOOHR_SWITCHES = {
  sinceInclusive: { values: [true, false], about: 'changed?since= includes changes at that very second' },
  emptyChangesAsArray: { values: [false, true], about: 'no changes: "employees" is [] instead of {}' },
  rolloverBumpsLastChanged: {
    values: [false, true],
    about: 'a dated row that takes effect at midnight marks the employee as changed',
  },
  futureTerminationDateShown: {
    values: [true, false],
    about: 'terminationDate is filled before it is reached (onlyCurrent=true)',
  },
  terminationDateAfterRehire: { values: ['cleared', 'kept'], about: 'terminationDate of somebody who came back' },
  bamboohrRatePerMinute: {
    values: [0],
    examples: [10_000],
    about: "calls a minute and key, as a leaky bucket; 0 is no limit; the real number isn't published",
  },
  bamboohrRateStatus: { values: [429, 503], about: 'what a call above the limit gets: 503 until September 2026' },
  bamboohrRetryAfter: { values: ['seconds', 'date'], about: 'how Retry-After is written' },
  badKeysBeforeLockout: {
    values: [30],
    examples: [3],
    about: 'unknown keys in a row before everybody gets 403 for a while; 0 is never',
  },
  lockoutSeconds: { values: [60], examples: [5], about: 'how long that lasts' },
  employeeLimit: {
    values: [0],
    examples: [10_000],
    about: 'employees that the account may have: one more gets 429 without Retry-After; 0 is no limit',
  },
  bearerOnGateway: { values: [true, false], about: 'OAuth tokens are good on api.bamboohr.com too' },
  basicOnListEmployees: {
    values: [true, false],
    about: 'GET /employees takes an API key, though the document names OAuth alone',
  },
  refreshTokenRotates: { values: [true, false], about: 'a refresh gives a new refresh token and ends the old one' },
  wrongCompany: { values: ['not-found', 'page'], about: 'a company that is none: 404, or an HTML page with 200' },
  hiddenTableStatus: { values: [404, 403], about: 'a table that the key may not see' },
  unknownFieldOnWrite: {
    values: ['refuse', 'ignore'],
    about: 'a write that names a field that is none: 406, or left out',
  },
  unknownOptionOnWrite: {
    values: ['refuse', 'add'],
    about: 'a write of a value that its list lacks: 409 (406 in tables), or added to the list',
  },
  reportVolunteers: { values: [false, true], about: 'reports have a column more than was asked for' },
  datasetMostCells: {
    values: [0],
    examples: [1_000_000],
    about: 'rows times fields before datasets v2 says 413; 0 is no limit',
  },
  datasetFutureHires: { values: ['Inactive', 'Active'], about: 'status of somebody who has yet to start, in datasets' },
  problemType: {
    values: ['application/problem+json', 'application/json'],
    about: 'Content-Type of the problems of datasets v2 and locations: the document and its prose disagree',
  },
  webhookPlainHttp: { values: [false, true], about: 'webhooks may go to http:// addresses: for tests' },
  webhookTls: { values: ['verify', 'any'], about: 'whether the receiver needs a certificate that is trusted' },
  webhookTimeoutSeconds: { values: [10], examples: [2], about: 'how long the receiver may take' },
  webhookRetries: {
    values: ['from-five-minutes', 'from-at-once'],
    about: 'after a failure again in 5, 10, 20, 40, 80 minutes, or in 0, 5, 10, 20, 40 with up to 30 s more',
  },
  webhookRetryNetworkErrors: {
    values: [true, false],
    about: 'a receiver that cannot be reached is tried again, as after a 5xx',
  },
  webhookRetryFactor: { values: [1], examples: [1_000], about: 'the waits before a retry are divided by this' },
  webhookFieldValues: {
    values: ['plain', 'wrapped'],
    about: 'fields of field-based webhooks: "Ada", or {"value":"Ada"}',
  },
  webhookTimestamp: { values: ['offset', 'zulu'], about: 'timestamps in bodies end in +0000 or Z' },
  webhookSignedTimestamp: { values: ['unix', 'iso'], about: 'the header X-BambooHR-Timestamp' },
  webhookHiddenFields: {
    values: ['drop-event', 'drop-field'],
    about: 'a monitored field changed that the creator may not see',
  },
  webhookBatch: { values: [1], examples: [20], about: 'employees that changed at once in one field-based delivery' },
  webhookLogPerMinute: {
    values: [60],
    examples: [5],
    about: 'calls of a webhook log a minute before it answers 200 with an error 429',
  },
} as const satisfies Record<
  string,
  { values: readonly (string | number | boolean)[]; examples?: readonly number[]; about: string }
>;
