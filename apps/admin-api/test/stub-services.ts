import type { NatsConnection } from '@nats-io/transport-node';
import { filters, subjects, type Answer, type Question, type ServiceName } from '@portico/contracts';

type Reply = (question: Question<never>) => Answer<unknown> | Promise<Answer<unknown>>;

/** Services that answer what a test tells them to, by the protocol of Nest's NATS transport. */
export const stubService = async (
  nats: NatsConnection,
  service: ServiceName,
  answers: Readonly<Record<string, Reply>>,
) => {
  const asked: { subject: string; question: Question<unknown> }[] = [];
  const subscription = nats.subscribe(filters.asks(service), {
    callback: (_error, message) => {
      const { data, id } = message.json<{ data: Question<never>; id: string }>();
      asked.push({ subject: message.subject, question: data });
      const [, reply] = Object.entries(answers).find(([name]) => subjects.ask(service, name) === message.subject) ?? [];
      const response = reply?.(data) ?? { ok: false, error: { code: 'not-found', message: 'nobody told me' } };
      void Promise.resolve(response).then((told) =>
        message.respond(JSON.stringify({ id, response: told, isDisposed: true })),
      );
    },
  });
  // The server knows of the subscription before somebody else asks.
  await nats.flush();
  return { asked, stop: () => subscription.unsubscribe() };
};

export const answer = <T>(value: T): Answer<T> => ({ ok: true, answer: value });
