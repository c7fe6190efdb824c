import { parseArgs } from 'node:util';
import { startStack } from '@portico/stack';
import { measureCells } from './cells.js';
import { measureMessages } from './messages.js';

const HELP = `npm run bench -- [--employees N] [--messages N] [--json]

Measures, each beside its floor taken in the same run:
  cells     a first sync into four portals, end to end, over raw HTTP posting of the same bodies
  messages  the JetStream transport with batches over a raw JetStream consumer

  --employees N  people in the company (10000)
  --messages N   messages in the stream (100000)
  --json         a last line {"ratios":{"cells","messages"},"seconds":{…},"megabytes":{…}}`;

const { values } = parseArgs({
  options: {
    employees: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

const messages = async (count: number) => {
  const stack = await startStack({ postgres: false });
  try {
    return await measureMessages({ natsUrl: stack.natsUrl, count });
  } finally {
    await stack.stop();
  }
};

if (values.help) {
  console.log(HELP);
} else {
  const log = (line: string) => console.error(line);
  const transport = await messages(Number(values.messages));
  console.log(
    `messages  ${round(transport.transportPerSecond, 0)}/s, raw ${round(transport.rawPerSecond, 0)}/s, ratio ${round(transport.ratio)}`,
  );
  const cells = await measureCells(Number(values.employees), log);
  console.log(
    `cells     ${round(cells.cellsPerSecond, 0)}/s, raw ${round(cells.rawPerSecond, 0)}/s, ratio ${round(cells.ratio)}; ` +
      `${cells.cells} cells, ${round(cells.cpuMsPerCell)} ms of CPU a cell`,
  );
  for (const [service, megabytes] of Object.entries(cells.megabytes))
    console.log(`memory    ${service} ${megabytes} MiB`);
  if (values.json) {
    console.log(
      JSON.stringify({
        ratios: { cells: round(cells.ratio, 3), messages: round(transport.ratio, 3) },
        seconds: { firstSync: round(cells.seconds.portico), rawPosting: round(cells.seconds.raw) },
        megabytes: cells.megabytes,
      }),
    );
  }
}
