import { InvalidContractError } from '@portico/contracts';
import { readAckSubject } from './delivery.js';
import { errorForLog } from './error-for-log.js';
import { backoffMs, errorForDeadLetter } from './settlement.js';

it.each([
  ['$JS.ACK.STREAM.consumer.3.17.9.1700000000000000000.42'],
  ['$JS.ACK.domain.hash.STREAM.consumer.3.17.9.1700000000000000000.42'],
  ['$JS.ACK._.hash.STREAM.consumer.3.17.9.1700000000000000000.42.token'],
])('reads %s', (subject) => {
  expect(readAckSubject(subject)).toEqual({ deliveries: 3, sequence: 17, pending: 42 });
});

it('waits longer each time, more than half an hour in all before a message is given up', () => {
  const waits = Array.from({ length: 14 }, (_, redeliveries) => backoffMs(redeliveries));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(1_800_000);
});

describe('a dead letter', () => {
  it('has the faults of a contract, which name properties and rules', () => {
    const error = new InvalidContractError('EmployeeChangedV1', ['revision must be an integer number']);
    expect(errorForDeadLetter(error)).toBe(
      'InvalidContractError: EmployeeChangedV1: revision must be an integer number',
    );
  });

  it.each([
    [new TypeError('ada@acme.example'), 'TypeError'],
    [new SyntaxError('Unexpected token in "ada@acme.example"'), 'SyntaxError: the body is not JSON'],
    ['ada@acme.example', 'not an Error'],
  ])('has the class alone of %p', (error, expected) => {
    expect(errorForDeadLetter(error)).toBe(expected);
  });
});

describe('a log', () => {
  it('has nothing of a statement or its values', () => {
    const error = Object.assign(new Error(`insert into person values ('Ada Moss')`), {
      name: 'UniqueConstraintViolationException',
      code: '23505',
      constraint: 'person_email',
      detail: 'Key (email)=(ada@acme.example) already exists.',
    });
    const logged = errorForLog(error);
    expect(logged).toMatchObject({ type: error.name, code: '23505', constraint: 'person_email' });
    expect(JSON.stringify(logged)).not.toMatch(/moss|acme/i);
  });

  it('has other errors whole', () => {
    const error = new RangeError('run the migration');
    expect(errorForLog(error)).toBe(error);
  });
});
