import type { FactValues } from './fact-values.js';
import type { CompiledGroup, PortalPolicy, UserType } from './policy.js';
import type { WantedLearner } from './want-learner.js';

/** The first whose rule holds; one that is unknown keeps what was. */
export const wantUserType = (
  { userType }: PortalPolicy,
  values: FactValues,
  previous: WantedLearner | undefined,
): UserType | undefined => {
  for (const { type, when } of userType ?? []) {
    const holds = when === undefined || when.holds(values);
    if (holds === undefined) return previous?.userType;
    if (holds) return type;
  }
  return undefined;
};

/** Sorted titles, each once. What is unknown takes nobody out of a group and puts nobody in. */
export const wantGroups = (
  { groups }: PortalPolicy,
  values: FactValues,
  previous: WantedLearner | undefined,
): readonly string[] | undefined => {
  if (groups === undefined) return undefined;
  const titles: string[] = [];
  for (const group of groups) {
    for (const title of titlesOf(group, values, previous?.groups ?? NONE))
      if (!titles.includes(title)) titles.push(title);
  }
  return titles.sort();
};
const NONE: readonly string[] = [];

const titlesOf = (group: CompiledGroup, values: FactValues, before: readonly string[]): readonly string[] => {
  const holds = group.when === undefined || group.when.holds(values);
  if (holds === false) return [];
  const title = (group.title ?? group.titleFrom?.ask(values))?.trim();
  // Which group it would be is not known: those that are there stay.
  if (title === undefined) return before;
  if (title === '') return [];
  return holds === true || before.includes(title) ? [title] : [];
};
