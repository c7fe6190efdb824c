import { request } from 'undici';
import type { SandboxAddress } from '@portico/sandbox';
import { usageOf } from './process-usage.js';
import { startSandboxProcess } from './sandbox-process.js';

const EMPLOYEES = 100_000;
const PORTALS = 10;
const REPORTS = 3;
const LIFE_DAYS = 30;

/** What a first read of a tenant asks for. */
const FIELDS = [
  'firstName',
  'lastName',
  'preferredName',
  'workEmail',
  'homeEmail',
  'department',
  'division',
  'location',
  'jobTitle',
  'status',
  'employmentHistoryStatus',
  'hireDate',
  'terminationDate',
  'supervisorEId',
  'employeeNumber',
  'customCostCentre',
];

export interface SandboxBambooHrMeasure {
  /** Until the company is generated and served: as seen, and of CPU. */
  readonly generation: { readonly seconds: number; readonly cpuSeconds: number };
  readonly reportMegabytes: number;
  /** Streamed, for each second as seen, and for each second of the server's CPU: one core's worth on a busy machine. */
  readonly report: { readonly perSecond: number; readonly perCpuSecond: number };
  /** 30 days of changes. */
  readonly life: { readonly events: number; readonly cpuSeconds: number };
  readonly peakMegabytes: number;
}

const readReport = async ({ url, apiKey }: SandboxAddress['bamboohr']): Promise<number> => {
  const answer = await request(`${url}/api/v1/reports/custom?format=JSON&onlyCurrent=true`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${apiKey}:x`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ title: 'Bench', fields: FIELDS }),
  });
  let bytes = 0;
  for await (const piece of answer.body as AsyncIterable<Buffer>) bytes += piece.length;
  return bytes / 1e6;
};

const live = async (control: string): Promise<number> => {
  const body = JSON.stringify({ days: LIFE_DAYS });
  const answer = await request(`${control}/life`, { method: 'POST', body });
  return ((await answer.body.json()) as { events: readonly unknown[] }).events.length;
};

/** A company of 100,000 beside ten portals: made, read in one report, and lived for a month. */
export const measureSandboxBambooHr = async (): Promise<SandboxBambooHrMeasure> => {
  const options = { employees: EMPLOYEES, portals: PORTALS, seed: 1, ratePerMinute: null };
  const began = performance.now();
  const sandbox = await startSandboxProcess('sandbox', options);
  try {
    const seconds = (performance.now() - began) / 1_000;
    const cpu = (): number => usageOf(sandbox.pid()).cpuMs / 1_000;
    const generation = { seconds, cpuSeconds: cpu() };
    const { bamboohr, control } = sandbox.address;
    // The first report of a process is slow: not counted.
    const reportMegabytes = await readReport(bamboohr);
    const [cpuBefore, seenBefore] = [cpu(), performance.now()];
    for (let report = 0; report < REPORTS; report += 1) await readReport(bamboohr);
    const total = reportMegabytes * REPORTS;
    const report = {
      perSecond: total / ((performance.now() - seenBefore) / 1_000),
      perCpuSecond: total / Math.max(0.01, cpu() - cpuBefore),
    };
    const lifeBefore = cpu();
    const events = await live(control);
    const life = { events, cpuSeconds: cpu() - lifeBefore };
    return { generation, reportMegabytes, report, life, peakMegabytes: usageOf(sandbox.pid()).peakMegabytes };
  } finally {
    await sandbox.stop();
  }
};
