import { ACCESS_STATES, CAUSE_KINDS, REASON_CODES } from '@portico/contracts';
import {
  causeRef,
  counts,
  integer,
  list,
  moment,
  nullable,
  object,
  page,
  ref,
  sentences,
  string,
  name,
} from './schema-parts.js';

const boolean = { type: 'boolean' };
const hold = object({ kind: { enum: CAUSE_KINDS }, id: string, people: integer, of: integer });
const access = { enum: ACCESS_STATES };
const reason = { ...string, enum: REASON_CODES };
const effect = { enum: ['granted', 'changed', 'withheld', 'stopped'] };
const totals = object({ joiners: integer, movers: integer, leavers: integer });
const value = { type: ['string', 'null'] };

const version = { version: integer, appliedAt: moment, appliedBy: string, origin: string };

/** Answers about the policy. */
export const policySchemas = {
  Version: object({ ...version, document: { type: 'object' } }),
  VersionSummary: object({ ...version, changes: integer }),
  VersionsPage: page('VersionSummary'),
  VersionDiff: object({ from: integer, to: integer, changes: list(ref('RealmChange')) }),
  Example: object(
    {
      name: string,
      outcome: { enum: ['holds', 'broken', 'unknown'] },
      differences: sentences,
      in: sentences,
      notIn: sentences,
    },
    { employeeId: string },
  ),
  EndedAccess: object(
    { portals: counts, cells: integer, people: integer, disables: integer, done: boolean },
    { version: integer },
  ),
  FoundPerson: object({
    employeeId: string,
    name: string,
    email: value,
    match: { enum: ['id', 'email', 'name', 'part'] },
  }),
  FoundPeople: object({ people: list(ref('FoundPerson')) }),
  ReadValue: object({ field: string, isConfirmed: boolean }, { value, since: moment, cause: causeRef }),
  Clause: object(
    { path: string, text: string },
    { expression: string, character: integer, holds: { enum: ['true', 'false', 'unknown'] } },
  ),
  Flip: object({ field: string, to: value, becomes: access, reason }, { from: value, isAnyOther: boolean }),
  ExplainedCell: object(
    {
      portal: string,
      title: string,
      access,
      reason,
      sentence: string,
      values: list(ref('ReadValue')),
      flip: nullable('Flip'),
    },
    { keptSince: moment, hold, clause: ref('Clause'), learner: { type: 'object' }, shown: ref('Cell') },
  ),
  Explanation: object({
    employeeId: string,
    name,
    tense: { enum: ['past', 'present', 'foreseen'] },
    at: moment,
    today: string,
    leaver: boolean,
    decidedAt: moment,
    cause: object({ kind: { enum: CAUSE_KINDS }, id: string, totals: { type: 'object' } }),
    policy: object({ version: integer, appliedAt: moment, appliedBy: string }),
    employee: object({ revision: integer, recordedAt: moment }, { cause: causeRef }),
    isBehind: boolean,
    cells: list(ref('ExplainedCell')),
    unavailable: sentences,
  }),
  WhatIfStarted: object({ id: string }),
  WhatIfPortal: object(
    {
      portal: string,
      before: integer,
      after: integer,
      granted: integer,
      changed: integer,
      withheld: integer,
      stopped: integer,
      writes: object({ create: integer, invite: integer, update: integer, disable: integer }),
      causes: counts,
    },
    { held: object({ people: integer, of: integer }) },
  ),
  WhatIfResult: object({
    storedVersion: integer,
    changes: list(ref('RealmChange')),
    warnings: sentences,
    today: string,
    people: integer,
    touched: integer,
    totals,
    portals: list(ref('WhatIfPortal')),
    writes: integer,
  }),
  WhatIf: object(
    {
      id: string,
      state: { enum: ['running', 'done', 'failed', 'cancelled'] },
      done: integer,
      total: integer,
      expiresAt: moment,
    },
    { problem: string, result: ref('WhatIfResult') },
  ),
  WhatIfSide: object({ access, reason }),
  WhatIfPerson: object({
    employeeId: string,
    name,
    cells: list(object({ portal: string, effect, before: nullable('WhatIfSide'), after: nullable('WhatIfSide') })),
  }),
  WhatIfPeoplePage: page('WhatIfPerson'),
} as const;
