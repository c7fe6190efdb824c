import { readFileSync, writeFileSync } from 'node:fs';
import type { LocalPortico } from '@portico/pipeline-e2e';

/** What a process has used so far, from /proc: Linux only. */
export interface Usage {
  readonly cpuMs: number;
  /** Most resident memory so far. */
  readonly peakMegabytes: number;
}

/** Linux counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

/** Its own user and system time, and that of children that have ended. */
const cpuMsOf = (pid: number): { readonly own: number; readonly ended: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system, endedUser, endedSystem] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map((ticks) => Number(ticks) * MS_PER_TICK) as [number, number, number, number];
  return { own: user + system, ended: endedUser + endedSystem };
};

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** CPU milliseconds of a process and all its children, as PostgreSQL has one for each connection. */
export const cpuMsOfFamily = (pid: number): number => {
  const { own, ended } = cpuMsOf(pid);
  return childrenOf(pid).reduce((sum, child) => sum + cpuMsOf(child).own, own + ended);
};

export const usageOf = (pid: number): Usage => {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpuMs: cpuMsOf(pid).own,
    peakMegabytes: Math.round(Number(peak?.[1] ?? 0) / 1024),
  };
};

/** From now on the most memory is what it holds from now on. */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** What each process has used so far, in milliseconds of CPU. */
export const cpuByProcess = ({ services, stack }: LocalPortico): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(Object.entries(services).map(([name, service]) => [name, usageOf(service.pid()).cpuMs])),
  postgres: cpuMsOfFamily(stack.postgresPid),
  nats: usageOf(stack.natsPid).cpuMs,
});
