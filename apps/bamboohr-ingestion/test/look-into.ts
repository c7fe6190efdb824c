import { sqlOf } from '@portico/database';
import { reportStatus } from '../src/report-status.js';
import { employeesIn } from './fixtures.js';
import type { Reading } from './reading.js';

/** What a reading has come to. */
export const lookInto = ({ orm, clock, control }: Reading) => {
  const statusOf = () => reportStatus(orm, clock, 'acme');
  const callsByName = async () => {
    const { bamboohr } = (await control('GET', '/calls')) as unknown as {
      bamboohr: { byCall: Record<string, number> };
    };
    return bamboohr.byCall;
  };
  return {
    leavers: async () => (await employeesIn(orm)).filter(({ event }) => event.change === 'leaver').map(({ id }) => id),
    statusOf,
    lastRead: async () => (await statusOf()).reads[0],
    anyoneAtWork: async () => (await employeesIn(orm)).find(({ event }) => event.employment.state === 'employed')!,
    callsByName,
    countLookUps: async () => (await callsByName())['GET /employees/:id'] ?? 0,
    events: () =>
      sqlOf(orm.em.fork())<{ subject: string; event: { message: string; details: Record<string, unknown> } }>(
        'select subject, event from outbox order by position',
      ),
  };
};

export type Look = ReturnType<typeof lookInto>;
