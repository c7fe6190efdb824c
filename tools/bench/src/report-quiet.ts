import { SERVICE_NAMES } from '@portico/pipeline-e2e';
import { round, type Outcome } from './outcome.js';
import { measureQuiet, type QuietMeasure } from './quiet.js';

const printCalls = ({ calls }: QuietMeasure): void => {
  for (const [vendor, { reads, writes, byCall }] of Object.entries(calls) as [
    string,
    QuietMeasure['calls']['bamboohr'],
  ][])
    console.log(
      `calls     ${vendor}: ${reads} reads, ${writes} writes (${Object.entries(byCall)
        .map(([call, count]) => `${call} ${count}`)
        .join(', ')})`,
    );
};

export const reportQuiet = async (employees: number, log: (line: string) => void): Promise<Outcome> => {
  const measured = await measureQuiet(employees, log);
  const { seconds, readSeconds, cpuSeconds, megabytes, floor, firstSync } = measured;
  const ofPortico = Object.entries(cpuSeconds).reduce((sum, [name, cpu]) => (name === 'sandbox' ? sum : sum + cpu), 0);
  console.log(
    `quiet     ${employees} employees, ${firstSync.cells} cells: ${round(seconds)} s (the read ${round(readSeconds)} s), ` +
      `${round(ofPortico)} s of CPU without the sandbox; fetched and parsed plainly ${round(floor.seconds)} s ` +
      `(the report ${round(floor.reportSeconds)} s)`,
  );
  for (const [name, cpu] of Object.entries(cpuSeconds)) console.log(`cpu       ${name} ${round(cpu)} s`);
  for (const name of SERVICE_NAMES)
    console.log(`memory    ${name} ${megabytes[name]} MiB (${firstSync.megabytes[name]} MiB in the first sync)`);
  printCalls(measured);
  return {
    ratios: { quiet: round(floor.seconds / seconds, 3) },
    seconds: {
      quiet: round(seconds),
      quietRead: round(readSeconds),
      quietCpu: round(ofPortico),
      quietFloor: round(floor.seconds),
    },
    megabytes: Object.fromEntries(SERVICE_NAMES.map((name) => [`quiet-${name}`, megabytes[name] ?? 0])),
  };
};
