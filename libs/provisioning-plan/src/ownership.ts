import type { Learner, Link, Ownership } from './facts.js';

export const ownershipOf = ({ ownership }: Learner, field: string): Ownership => ownership?.[field] ?? 'always';

/** Whether an account that is there is kept alike in this field. */
export const isKept = (learner: Learner, field: string, isFresh: boolean): boolean => {
  if (learner.ownership === undefined) return true;
  const ownership = ownershipOf(learner, field);
  return ownership === 'always' || (ownership === 'on-create' && isFresh);
};

/** Whether an account that is made has this field. */
export const isGiven = (learner: Learner, field: string): boolean => ownershipOf(learner, field) !== 'never';

/** What is owned on create belongs to accounts that Portico made or invited; one that it found was somebody's before. */
export const isFresh = (link: Link | undefined): boolean => link?.isFresh === true && link.origin !== 'correlated';
