/** CloudEvents 1.0 in binary mode: attributes as `ce-` headers, the data as a JSON body. */
export interface CloudEventAttributes {
  /** Also the `Nats-Msg-Id`. */
  readonly id: string;
  readonly type: string;
  /** The service that sends it, such as `realm-policy`. */
  readonly source: string;
  /** RFC 3339. */
  readonly time: string;
  /** The revision of the state that the event carries; absent on events that carry none. */
  readonly revision?: number;
  /** W3C trace context. */
  readonly traceparent?: string;
}

export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** Header names; NATS compares them with case. */
export const HEADERS = {
  id: 'ce-id',
  type: 'ce-type',
  source: 'ce-source',
  time: 'ce-time',
  specVersion: 'ce-specversion',
  /** CloudEvents extension. */
  revision: 'ce-revision',
  contentType: 'content-type',
  messageId: 'Nats-Msg-Id',
  traceparent: 'traceparent',
} as const;

/** An id that is the same whenever the same state is published again. */
export const stateEventId = (subject: string, revision: number): string => `${subject}@${revision}`;

export const toHeaders = (event: CloudEventAttributes): Record<string, string> => ({
  [HEADERS.specVersion]: '1.0',
  [HEADERS.id]: event.id,
  [HEADERS.type]: event.type,
  [HEADERS.source]: `/portico/${event.source}`,
  [HEADERS.time]: event.time,
  [HEADERS.contentType]: 'application/json',
  [HEADERS.messageId]: event.id,
  ...(event.revision === undefined ? {} : { [HEADERS.revision]: String(event.revision) }),
  ...(event.traceparent === undefined ? {} : { [HEADERS.traceparent]: event.traceparent }),
});

/**
 * Reads the attributes from a message's headers; attributes and headers that it does not know are left aside.
 * @throws MalformedEventError naming every attribute that is missing.
 */
export const fromHeaders = (get: (name: string) => string | undefined): CloudEventAttributes => {
  const read = (name: string) => get(name) || undefined;
  const required = [HEADERS.id, HEADERS.type, HEADERS.source, HEADERS.time];
  const missing = required.filter((name) => read(name) === undefined);
  if (missing.length > 0) throw new MalformedEventError(`not a CloudEvent: no ${missing.join(', ')}`);
  const specVersion = read(HEADERS.specVersion) ?? '1.0';
  if (!specVersion.startsWith('1.')) throw new MalformedEventError(`CloudEvents ${specVersion} is not understood`);
  const revision = Number(read(HEADERS.revision) ?? Number.NaN);
  const traceparent = read(HEADERS.traceparent);
  return {
    id: read(HEADERS.id) ?? '',
    type: read(HEADERS.type) ?? '',
    source: (read(HEADERS.source) ?? '').replace('/portico/', ''),
    time: read(HEADERS.time) ?? '',
    ...(Number.isSafeInteger(revision) ? { revision } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
