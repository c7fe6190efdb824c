import type { NatsConnection } from '@nats-io/transport-node';
import { errors, headers, nuid } from '@nats-io/transport-node';
import { Transport, type NatsOptions as NestNatsOptions } from '@nestjs/microservices';
import {
  HEADERS,
  subjects,
  type Answer,
  type Question,
  type QuestionFault,
  type ServiceName,
} from '@portico/contracts';
import { currentTraceparent, withTraceparent } from '@portico/service-kit';
import { natsClientOptions, type NatsOptions } from './connection.js';
import { errorForLog } from './error-for-log.js';
import type { Log } from './log.js';
import { packed, unpacked } from './packed.js';

/** An answer is a page of at most 256 KiB, packed where it is longer than that. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** nats-server takes messages of 1 MiB. */
const MAX_QUESTION_BYTES = 900 * 1024;

/** A question that was refused, or has found nobody to answer it. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
  constructor(
    readonly code: QuestionFault['code'],
    message: string,
    readonly faults: NonNullable<QuestionFault['faults']> = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface QuestionName {
  readonly service: ServiceName;
  readonly name: string;
}

/** What Nest's NATS transport answers with. */
interface NestReply {
  readonly response?: unknown;
  readonly err?: unknown;
}

const unanswered = ({ service, name }: QuestionName, cause: unknown): QuestionError => {
  const isAbsent = cause instanceof errors.RequestError && cause.isNoResponders();
  const why = isAbsent ? 'is not running' : 'did not answer in time';
  return new QuestionError('unavailable', `${service} ${why} (${name}): see that it is up, then ask again`, [], {
    cause,
  });
};

/**
 * Asks another service, by the protocol of Nest's NATS transport.
 * @throws QuestionError with the answering service's code, or `unavailable`
 */
export const askQuestion = async <T>(
  connection: NatsConnection,
  question: QuestionName,
  content: Question<unknown>,
  timeoutMs = 5_000,
): Promise<T> => {
  const pattern = subjects.ask(question.service, question.name);
  const data = packed(content, MAX_QUESTION_BYTES);
  if (data === undefined) throw new QuestionError('invalid', 'what was sent is too long: leave out what is not needed');
  const carried = headers();
  const traceparent = currentTraceparent();
  if (traceparent !== undefined) carried.set(HEADERS.traceparent, traceparent);
  const request = JSON.stringify({ pattern, data, id: nuid.next() });
  const reply = await connection
    .request(pattern, request, { timeout: timeoutMs, headers: carried })
    .catch((cause: unknown) => Promise.reject(unanswered(question, cause)));
  const { response, err } = reply.json<NestReply>();
  const answer = response === undefined ? undefined : unpacked(response as Answer<T>);
  if (err !== undefined || !answer) {
    throw new QuestionError('unavailable', `${question.service} failed at ${question.name}: see its log`);
  }
  if (answer.ok) return answer.answer;
  throw new QuestionError(answer.error.code, answer.error.message, answer.error.faults);
};

const refusal = ({ code, message, faults }: QuestionError): Answer<never> => ({
  ok: false,
  error: { code, message, ...(faults.length === 0 ? {} : { faults }) },
});

interface AskedContext {
  getHeaders(): { get(name: string): string } | undefined;
}

/**
 * Makes a `@MessagePattern(subjects.ask(…))` method of a function that returns the answer or throws `QuestionError`.
 * Other errors are logged here and answered without their message.
 */
export const answering =
  <Body, T>(log: Log, answer: (question: Question<Body>) => Promise<T> | T) =>
  async (question: Question<Body>, context?: AskedContext): Promise<Answer<T>> => {
    const given = await answerOrRefusal(log, () => {
      const traceparent = context?.getHeaders()?.get(HEADERS.traceparent) || undefined;
      return withTraceparent(traceparent, async () => answer(unpacked(question)));
    });
    // Nest sends whatever this gives; who asks unpacks it.
    return (packed(given, MAX_ANSWER_BYTES) as Answer<T> | undefined) ?? TOO_LONG[given.ok ? 'answer' : 'faults'];
  };

const answerOrRefusal = async <T>(log: Log, answer: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { ok: true, answer: await answer() };
  } catch (error) {
    if (error instanceof QuestionError) return refusal(error);
    log.error({ err: errorForLog(error) }, 'a question could not be answered');
    return refusal(new QuestionError('unavailable', 'the service failed at this question: see its log'));
  }
};

const TOO_LONG = {
  answer: refusal(new QuestionError('invalid', 'the answer is longer than 256 KiB: ask for a smaller page')),
  faults: refusal(
    new QuestionError('invalid', 'there are more faults than an answer holds: correct some, and ask again'),
  ),
};

/** Options of Nest's NATS transport, for `connectMicroservice`: one of the service's replicas answers each question. */
export const questionTransport = (service: ServiceName, options: NatsOptions): NestNatsOptions => ({
  transport: Transport.NATS,
  options: { ...natsClientOptions(options), queue: service, gracefulShutdown: true, gracePeriod: 500 },
});
