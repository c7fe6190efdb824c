import { parseArgs } from 'node:util';

export const HELP = `npm run bench -- [--only NAME[,NAME]] [--employees N] [--messages N] [--json]

Measures, each beside its floor taken in the same run:
  messages           the JetStream transport with batches over a raw JetStream consumer
  cells              a first sync into four portals, end to end, over raw HTTP posting of the same bodies
  sandbox-bamboohr   a company of 100,000 beside ten portals: generated, streamed as a report, lived for a month
  sandbox-learnupon  user writes and lists of users of the sandbox, over a bare node:http server
  decide             a million cells decided and planned, on one core
  what-if            a changed policy over 50,000 people x 20 portals in a real database, over reading their records
  explain            one cell at any moment of a year of history, the worst of 200, over reading that history

These take minutes, and are measured only where --only names them:
  latency            from a hint that somebody changed to the call at LearnUpon: idle, beside a tenant whose cells wait
                     for their portals' pace, and beside one that keeps every lane at work (some ten minutes)
  quiet              a full read without changes, ten portals read again, over fetching the same (some five minutes)

  --only NAME    only these
  --employees N  people in the company of cells (10000) and of quiet (20000)
  --messages N   messages in the stream (100000)
  --people N     people of the what-if (50000)
  --samples N    changes of each round of latency (200)
  --crowd N      employees of the tenant beside which latency is measured (20000)
  --json         a last line {"ratios":{…},"seconds":{…},"megabytes":{…}} with what was measured`;

export const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    employees: { type: 'string' },
    messages: { type: 'string', default: '100000' },
    people: { type: 'string', default: '50000' },
    samples: { type: 'string', default: '200' },
    crowd: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
