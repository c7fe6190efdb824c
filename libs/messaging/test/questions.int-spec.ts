import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { QUESTIONS, subjects, type Question } from '@portico/contracts';
import { currentTraceparent, withTraceparent } from '@portico/service-kit';
import { testNats, type TestNats } from '@portico/testing';
import { answering, askQuestion, connectNats, QuestionError, questionTransport } from '../src/index.js';
import { listeningLog } from './support.js';

const { policyStatus, realmApply, realmPlan, peopleNames, realmGet, sourceStatus } = QUESTIONS;
const patternOf = ({
  service,
  name,
}: (typeof QUESTIONS)['policyStatus' | 'realmApply' | 'realmPlan' | 'peopleNames' | 'realmGet']) =>
  subjects.ask(service, name);
const log = listeningLog();

@Controller()
class QuestionsController {
  private readonly statusAnswer = answering(log, (question: Question<{ deep: number }>) => ({
    tenant: question.caller.tenant,
    body: question.body,
    traceparent: currentTraceparent(),
  }));
  private readonly refusal = answering(log, () => {
    throw new QuestionError('invalid', 'the realm has faults', [{ path: 'portals.emea', message: 'is missing' }]);
  });
  private readonly failure = answering(log, () => Promise.reject(new Error('the database went away')));
  private readonly tooLong = answering(log, () => randomBytes(300_000).toString('hex'));
  private readonly echo = answering(log, ({ body }: Question<unknown>) => body);

  @MessagePattern(patternOf(policyStatus))
  status(@Payload() question: Question<{ deep: number }>, @Ctx() context: NatsContext) {
    return this.statusAnswer(question, context);
  }

  @MessagePattern(patternOf(realmApply))
  apply(@Payload() question: Question<unknown>) {
    return this.refusal(question);
  }

  @MessagePattern(patternOf(peopleNames))
  names(@Payload() question: Question<unknown>) {
    return this.failure(question);
  }

  @MessagePattern(patternOf(realmGet))
  get(@Payload() question: Question<unknown>) {
    return this.tooLong(question);
  }

  @MessagePattern(patternOf(realmPlan))
  plan(@Payload() question: Question<unknown>) {
    return this.echo(question);
  }
}

@Module({ controllers: [QuestionsController] })
class QuestionsModule {}

let nats: TestNats;
let connection: NatsConnection;
let apps: INestMicroservice[];
const caller = { tenant: 'acme', role: 'viewer', name: 'someone' } as const;

beforeAll(async () => {
  nats = await testNats();
  connection = await connectNats({ url: nats.url, name: 'asker' });
  const start = () =>
    NestFactory.createMicroservice(QuestionsModule, {
      ...questionTransport('realm-policy', { url: nats.url, name: 'realm-policy' }),
      logger: false,
    });
  apps = [await start(), await start()];
  for (const app of apps) await app.listen();
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await connection.close();
  await nats.close();
});

it("is answered by one replica, in the asker's trace", async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const answer = await withTraceparent(traceparent, () =>
    askQuestion(connection, policyStatus, { caller, body: { deep: 1 } }),
  );
  expect(answer).toEqual({ tenant: 'acme', body: { deep: 1 }, traceparent });
});

it('is refused with code, message and every fault', async () => {
  const refused = askQuestion(connection, realmApply, { caller, body: {} });
  await expect(refused).rejects.toMatchObject({
    name: 'QuestionError',
    code: 'invalid',
    message: 'the realm has faults',
    faults: [{ path: 'portals.emea', message: 'is missing' }],
  });
});

it('tells nothing of an error that nobody meant, and logs it', async () => {
  await expect(askQuestion(connection, peopleNames, { caller, body: {} })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'the service failed at this question: see its log',
  });
  expect(log.lines.join()).toContain('a question could not be answered');
});

it('is refused when the answer is too long', async () => {
  await expect(askQuestion(connection, realmGet, { caller, body: {} })).rejects.toMatchObject({
    message: 'the answer is longer than 256 KiB: ask for a smaller page',
  });
});

it('goes through with an answer, however long they are, where they say much of the same', async () => {
  const body = Array.from({ length: 20_000 }, (_, at) => ({ portal: `p${at}`, audience: 'department == "Zoë’s 👩‍🚀"' }));
  expect(JSON.stringify(body).length).toBeGreaterThan(1_000_000);
  await expect(askQuestion(connection, realmPlan, { caller, body })).resolves.toEqual(body);
});

it('is refused when it is too long itself', async () => {
  const body = randomBytes(1_000_000).toString('hex');
  await expect(askQuestion(connection, realmPlan, { caller, body })).rejects.toMatchObject({
    code: 'invalid',
    message: 'what was sent is too long: leave out what is not needed',
  });
});

it('that nobody answers says who is not running', async () => {
  await expect(askQuestion(connection, sourceStatus, { caller, body: {} })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'bamboohr-ingestion is not running (status): see that it is up, then ask again',
  });
});

it('that is not answered in time says so', async () => {
  const silent = connection.subscribe(subjects.ask(sourceStatus.service, sourceStatus.name));
  await expect(askQuestion(connection, sourceStatus, { caller, body: {} }, 100)).rejects.toMatchObject({
    message: 'bamboohr-ingestion did not answer in time (status): see that it is up, then ask again',
  });
  silent.unsubscribe();
});
