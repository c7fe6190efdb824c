import type { PolicyFault } from './policy-faults.js';
import type { Rule } from './rules/compile-expression.js';

/** Named rules that come back to themselves; each circle once, with its chain. */
export const findCycles = (named: ReadonlyMap<string, Rule>): PolicyFault[] => {
  const done = new Set<string>();
  const faults: PolicyFault[] = [];
  const follow = (name: string, chain: readonly string[]): void => {
    if (chain.includes(name)) {
      const circle = [...chain.slice(chain.indexOf(name)), name].map((each) => `rules.${each}`);
      faults.push({ path: `rules.${name}`, message: `goes round in a circle: ${circle.join(' → ')}` });
      return;
    }
    if (done.has(name)) return;
    for (const next of named.get(name)?.rules ?? []) follow(next, [...chain, name]);
    done.add(name);
  };
  for (const name of named.keys()) follow(name, []);
  return faults;
};
