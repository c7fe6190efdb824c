import { readFileSync } from 'node:fs';

/** What a process has used so far, from /proc: Linux only. */
export interface Usage {
  readonly cpuMs: number;
  /** Most resident memory so far. */
  readonly peakMegabytes: number;
}

/** Linux counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

export const usageOf = (pid: number): Usage => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
    peakMegabytes: Math.round(Number(peak?.[1] ?? 0) / 1024),
  };
};
