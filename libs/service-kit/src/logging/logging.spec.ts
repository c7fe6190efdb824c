import { Writable } from 'node:stream';
import fc from 'fast-check';
import { newTraceparent, withTraceparent } from '../tracing.js';
import { createLogger } from './create-logger.js';
import { NestPinoLogger } from './nest-logger.js';
import { redact, scrub } from './redact.js';

const recorder = (pretty = false) => {
  const lines: string[] = [];
  const destination = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line));
      done();
    },
  });
  const logger = createLogger({ name: 'sample', level: 'trace', pretty, destination });
  return { logger, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
};

describe('the log', () => {
  it('is JSON with level, moment, name and trace', () => {
    const { logger, last } = recorder();
    const traceparent = newTraceparent();
    withTraceparent(traceparent, () => logger.info({ tenant: 'acme', rows: 114 }, 'read'));
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
      name: 'sample',
      traceId: traceparent.split('-')[1],
      tenant: 'acme',
      rows: 114,
      msg: 'read',
    });
  });

  it('redacts at any depth, also in what a child logger carries', () => {
    const { logger, last } = recorder();
    logger
      .child({ apiKey: 'k3y', portal: 'academy' })
      .warn({ request: { headers: [{ Authorization: 'Basic eDp5' }] } });
    expect(last()).toMatchObject({
      apiKey: '[redacted]',
      portal: 'academy',
      request: { headers: [{ Authorization: '[redacted]' }] },
    });
  });

  it('keeps of an error what helps, and nothing that a library hung on it', () => {
    const { logger, last, text } = recorder();
    const cause = new Error('connect to postgres://role:hunter2@db:5432/x failed');
    const error = Object.assign(new Error('Key (email)=(ada@acme.example) already exists', { cause }), {
      code: '23505',
      query: 'insert into learner values ($1)',
      params: ['Ada'],
    });
    logger.error(error);
    expect(last()).toMatchObject({ err: { code: '23505', cause: { type: 'Error' } } });
    logger.error({ err: error }, 'failed');
    for (const secret of ['hunter2', 'ada@', 'insert into', '"Ada"']) expect(text()).not.toContain(secret);
    expect(text()).toContain('Key (email)=([e-mail]) already exists');
  });

  it('is for people on a terminal, redacted too', () => {
    const { logger, text } = recorder(true);
    logger.info({ email: 'ada@acme.example', portal: 'academy' }, 'mailed ada@acme.example');
    expect(text()).toMatch(/INFO.*mailed \[e-mail\]/);
    expect(text()).not.toContain('ada@');
  });

  it('takes the lines of Nest', () => {
    const { logger, last } = recorder();
    const nest = new NestPinoLogger(logger);
    nest.log('started', 'NestApplication');
    expect(last()).toMatchObject({ level: 'info', msg: 'started', context: 'NestApplication' });
    nest.error(new Error('broken'), 'stack', 'Router');
    expect(last()).toMatchObject({ level: 'error', msg: 'broken', context: 'Router', err: { message: 'broken' } });
  });
});

describe('redaction', () => {
  it('lets no value of a secret key through, wherever it is', () => {
    const secret = 'S3CR3T';
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.record({
          firstName: fc.constant(secret),
          api_key: fc.constant({ deep: secret }),
          tenant: fc.constant('acme'),
        }),
        fc.dictionary(fc.constantFrom('a', 'b', 'password'), tie('tree')),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(fc.property(tree, (value) => !JSON.stringify(redact(value)).includes(secret)));
  });

  it.each([
    ['bad login at nats://svc:pa55@nats:4222', 'bad login at nats://[redacted]@nats:4222'],
    ['no user o.brien+hr@mail.acme.example.', 'no user [e-mail].'],
    ['sent Authorization: Basic dXNlcjpwYXNz', 'sent Authorization: Basic [redacted]'],
    ['package @portico/service-kit at http://127.0.0.1:80/a', 'package @portico/service-kit at http://127.0.0.1:80/a'],
  ])('scrubs %j', (text, expected) => expect(scrub(text)).toBe(expected));
});
