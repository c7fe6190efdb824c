import { startStack } from '@portico/stack';
import { measureCells } from './cells.js';
import { measureDecide } from './decide.js';
import { measureExplain } from './explain.js';
import { measureMessages } from './messages.js';
import { HELP, values } from './options.js';
import { round, type Outcome } from './outcome.js';
import { reportLatency } from './report-latency.js';
import { reportQuiet } from './report-quiet.js';
import { measureSandboxBambooHr } from './sandbox-bamboohr.js';
import { measureSandboxLearnUpon } from './sandbox-learnupon.js';
import { measureWhatIf } from './what-if.js';

const log = (line: string) => console.error(line);

const messages = async (): Promise<Outcome> => {
  const stack = await startStack({ postgres: false });
  try {
    const measured = await measureMessages({ natsUrl: stack.natsUrl, count: Number(values.messages) });
    console.log(
      `messages  ${round(measured.transportPerSecond, 0)}/s, raw ${round(measured.rawPerSecond, 0)}/s, ratio ${round(measured.ratio)}`,
    );
    return { ratios: { messages: round(measured.ratio, 3) } };
  } finally {
    await stack.stop();
  }
};

const cells = async (): Promise<Outcome> => {
  const measured = await measureCells(Number(values.employees ?? 10_000), log);
  console.log(
    `cells     ${round(measured.cellsPerSecond, 0)}/s, raw ${round(measured.rawPerSecond, 0)}/s, ratio ${round(measured.ratio)}; ` +
      `${measured.cells} cells, ${round(measured.cpuMsPerCell)} ms of CPU a cell`,
  );
  const total = Object.values(measured.cpuMsPerCellOf).reduce((sum, ms) => sum + ms, 0);
  for (const [name, ms] of Object.entries({ ...measured.cpuMsPerCellOf, 'all processes': total }))
    console.log(`cpu       ${name} ${round(ms, 3)} ms a cell`);
  for (const [service, megabytes] of Object.entries(measured.megabytes))
    console.log(`memory    ${service} ${megabytes} MiB`);
  return {
    ratios: { cells: round(measured.ratio, 3) },
    seconds: { firstSync: round(measured.seconds.portico), rawPosting: round(measured.seconds.raw) },
    megabytes: measured.megabytes,
  };
};

const sandboxLearnUpon = async (): Promise<Outcome> => {
  const { writes, floorWrites, megabytes, floorMegabytes, writesRatio, listRatio } = await measureSandboxLearnUpon();
  console.log(
    `sandbox   ${round(writes.perCpuSecond, 0)} user writes/s on one core (${round(writes.perSecond, 0)}/s seen), ` +
      `node:http ${round(floorWrites.perCpuSecond, 0)}/s, ratio ${round(writesRatio)}`,
  );
  console.log(
    `sandbox   ${round(megabytes.perCpuSecond, 0)} MB/s of users on one core (${round(megabytes.perSecond, 0)} MB/s seen), ` +
      `node:http ${round(floorMegabytes.perCpuSecond, 0)} MB/s, ratio ${round(listRatio)}`,
  );
  return { ratios: { sandboxWrites: round(writesRatio, 3), sandboxLists: round(listRatio, 3) } };
};

const sandboxBambooHr = async (): Promise<Outcome> => {
  const { generation, report, reportMegabytes, life, peakMegabytes } = await measureSandboxBambooHr();
  console.log(
    `sandbox   100,000 employees, 10 portals: ready in ${round(generation.seconds)} s (${round(generation.cpuSeconds)} s of CPU), at most ${peakMegabytes} MiB`,
  );
  console.log(
    `sandbox   a report of ${round(reportMegabytes, 0)} MB at ${round(report.perCpuSecond, 0)} MB/s on one core (${round(report.perSecond, 0)} MB/s seen)`,
  );
  console.log(`sandbox   a month of life: ${life.events} events in ${round(life.cpuSeconds)} s of CPU`);
  return {
    ratios: {},
    seconds: { sandboxGeneration: round(generation.seconds), sandboxGenerationCpu: round(generation.cpuSeconds) },
    megabytes: { sandbox: peakMegabytes, sandboxReportPerCpuSecond: round(report.perCpuSecond, 0) },
  };
};

const decide = (): Promise<Outcome> => {
  const { cells: count, seconds, decideSeconds, floorSeconds, megabytes } = measureDecide();
  console.log(
    `decide    ${count} cells decided and planned in ${round(seconds)} s of one core (${round(decideSeconds)} s of it deciding), ` +
      `gone through alone ${round(floorSeconds, 3)} s; ${megabytes} MiB`,
  );
  return Promise.resolve({
    ratios: {},
    seconds: { decideMillionCells: round(seconds) },
    megabytes: { decide: megabytes },
  });
};

const whatIf = async (): Promise<Outcome> => {
  const measured = await measureWhatIf(Number(values.people), log);
  console.log(
    `what-if   ${measured.people} people x ${measured.cells / measured.people} portals in ${round(measured.seconds)} s (${round(measured.cpuSeconds)} s of CPU), ${measured.touched} touched; ` +
      `their records read plainly ${round(measured.floorSeconds)} s, ratio ${round(measured.ratio)}; ${measured.megabytes} MiB more`,
  );
  return {
    ratios: { whatIf: round(measured.ratio, 3) },
    seconds: {
      whatIf: round(measured.seconds),
      whatIfCpu: round(measured.cpuSeconds),
      whatIfFloor: round(measured.floorSeconds),
    },
    megabytes: { whatIf: measured.megabytes },
  };
};

const explain = async (): Promise<Outcome> => {
  const measured = await measureExplain(log);
  const ms = (seconds: number) => round(seconds * 1_000, 1);
  console.log(
    `explain   worst of ${measured.asked}: ${ms(measured.worstSeconds)} ms, median ${ms(measured.medianSeconds)} ms; ` +
      `the person's history read plainly ${ms(measured.floorSeconds)} ms; ${measured.megabytes} MiB more`,
  );
  return {
    ratios: { explain: round(measured.floorSeconds / measured.medianSeconds, 3) },
    seconds: { explain: round(measured.worstSeconds, 4), explainMedian: round(measured.medianSeconds, 4) },
    megabytes: { explain: measured.megabytes },
  };
};

const BENCHES: Readonly<Record<string, () => Promise<Outcome>>> = {
  messages,
  cells,
  decide,
  'what-if': whatIf,
  explain,
  'sandbox-bamboohr': sandboxBambooHr,
  'sandbox-learnupon': sandboxLearnUpon,
};

/** They take minutes. */
const WHERE_NAMED: Readonly<Record<string, () => Promise<Outcome>>> = {
  latency: () => reportLatency({ samples: Number(values.samples), crowd: Number(values.crowd), log }),
  quiet: () => reportQuiet(Number(values.employees ?? 20_000), log),
};

const ALL = { ...BENCHES, ...WHERE_NAMED };

const chosen = values.only === undefined ? Object.keys(BENCHES) : values.only.split(',');
const unknown = chosen.filter((name) => !(name in ALL));

if (values.help) {
  console.log(HELP);
} else if (unknown.length > 0) {
  console.error(`--only: there is no ${unknown.join(', ')}; there are ${Object.keys(ALL).join(', ')}`);
  process.exitCode = 1;
} else {
  const outcomes: Outcome[] = [];
  for (const name of chosen) outcomes.push((await ALL[name]?.()) ?? { ratios: {} });
  const all = (key: keyof Outcome): object =>
    Object.assign({}, ...outcomes.map((outcome) => outcome[key] ?? {})) as object;
  if (values.json)
    console.log(JSON.stringify({ ratios: all('ratios'), seconds: all('seconds'), megabytes: all('megabytes') }));
}
