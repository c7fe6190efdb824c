import { admin, startBench } from './database.js';
import { arriveAt, person, readOf, work } from './arrivals.js';
import { portal, withPortals } from './examples.js';

const PEOPLE = 20_000;
const BATCH = 256;

it('20,000 people of one read are counted, and then decided by what was counted', async () => {
  const bench = await startBench();
  const arrive = arriveAt(bench);
  try {
    await bench.realm.apply(admin, {
      document: withPortals(
        { ...portal('academy', 'true'), topLevel: true },
        portal('emea', 'department == "Sales"'),
        portal('legal', 'department == "Legal"'),
      ),
    });
    await bench.redecide();
    const cause = readOf('first', PEOPLE);
    const fields = (index: number) => ({
      firstName: 'Ada',
      lastName: `Moss ${index}`,
      workEmail: `${index}@acme.example`,
      department: index % 4 === 0 ? 'Sales' : 'Legal',
    });
    for (let first = 0; first < PEOPLE; first += BATCH) {
      const count = Math.min(BATCH, PEOPLE - first);
      const ids = Array.from({ length: count }, (_, index) => first + index);
      await arrive(...ids.map((index) => person(String(index), cause, { fields: fields(index) })));
    }
    await work(bench.gathered);
    const totals = await bench.sql<{ totals: object; count: number }>(
      `select event->'cause'->'totals' as totals, count(*)::int from access where revision > 0 group by 1`,
    );
    expect(totals).toEqual([
      {
        count: PEOPLE,
        totals: {
          ...cause.totals,
          portals: {
            academy: { granted: PEOPLE, changed: 0, withheld: 0 },
            emea: { granted: PEOPLE / 4, changed: 0, withheld: 0 },
            legal: { granted: (PEOPLE * 3) / 4, changed: 0, withheld: 0 },
          },
        },
      },
    ]);
    expect(await bench.sql('select 1 from arrival')).toEqual([]);
  } finally {
    await bench.close();
  }
}, 600_000);
