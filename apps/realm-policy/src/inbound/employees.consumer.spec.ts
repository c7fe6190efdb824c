import type { EmployeeChangedV1 } from '@portico/contracts';
import type { Delivery } from '@portico/messaging';
import { ada } from '../../test/examples.js';
import type { DecideEmployees } from '../decide-employees.js';
import type { EmployeeEvent } from '../gather-arrivals.js';
import { EmployeesConsumer } from './employees.consumer.js';

const handle = async (...employees: EmployeeChangedV1[]) => {
  const settled: string[] = [];
  const deliveries = employees.map((data) => {
    const settle = (how: string) => () => settled.push(`${data.employeeId} ${how}`);
    return { data, event: {}, ack: settle('ack'), term: settle('term') } as unknown as Delivery<EmployeeChangedV1>;
  });
  const decide = async (batch: readonly EmployeeEvent[]) => {
    if (batch.some(({ employee }) => employee.employeeId === 'bad')) throw new Error('can not be stored');
    return { strangers: new Set(['nobody']) };
  };
  const consumer = new EmployeesConsumer({ decide } as unknown as DecideEmployees);
  const failed = await consumer.handle(deliveries).then(
    () => false,
    () => true,
  );
  return { settled, failed };
};

const [good, stranger, bad] = [ada(), ada({ employeeId: '7', tenant: 'nobody' }), ada({ employeeId: 'bad' })];

describe('a batch of employees', () => {
  it('is acknowledged once it is stored; what has no realm is buried', async () => {
    expect(await handle(good, stranger)).toEqual({ settled: ['109 ack', '7 term'], failed: false });
  });

  it('leaves to the transport what cannot be stored, and that alone', async () => {
    expect(await handle(good, bad, stranger)).toEqual({ settled: ['109 ack', '7 term'], failed: true });
    expect(await handle(bad)).toEqual({ settled: [], failed: true });
  });
});
