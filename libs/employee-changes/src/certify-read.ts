import { EVIDENCE_FIELDS } from './facts.js';

/** What one full read brought, in numbers. */
export interface ReadSummary {
  readonly rows: number;
  readonly requestedFields: readonly string[];
  readonly returnedFields: readonly string[];
  /** Ids that came more than once with different values. */
  readonly ambiguousIds: number;
  /** How many people BambooHR's own list of employees counts, where it could be read. */
  readonly rosterTotal?: number;
}

/** What is known from the reads before; all zero and empty at first. */
export interface KnownSummary {
  /** Known people who are in the last certified read. */
  readonly people: number;
}

/** The evidence that a read was complete. */
export interface ReadCertificate {
  readonly rows: number;
  /** `null` where the list of employees could not be read. */
  readonly rosterTotal: number | null;
  /** Fields that were asked for and did not come: unconfirmed for everyone. */
  readonly lostFields: readonly string[];
  /** Sentences about what is not as it should be, each with the remedy. */
  readonly notes: readonly string[];
}

export type RefusalReason = 'empty-read' | 'short-read' | 'no-fields' | 'ambiguous-rows';

export type Verdict =
  | { readonly outcome: 'certified'; readonly certificate: ReadCertificate }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason; readonly message: string };

/** People hired or removed between the read and the count of the list explain a difference as small as this. */
const tolerance = (total: number): number => Math.max(5, Math.ceil(total / 100));

/**
 * Judges whether a full read can stand for the company. A refused read changes nothing. A certified read may lack fields
 * or people: they stay as they were, unconfirmed.
 */
export const certifyRead = (read: ReadSummary, known: KnownSummary): Verdict => {
  const returned = new Set(read.returnedFields);
  const lostFields = read.requestedFields.filter((field) => !returned.has(field));
  const refusal = refuse(read, known, lostFields.length);
  if (refusal !== undefined) return { outcome: 'refused', ...refusal };
  return {
    outcome: 'certified',
    certificate: {
      rows: read.rows,
      rosterTotal: read.rosterTotal ?? null,
      lostFields,
      notes: [...noteFields(lostFields), ...noteRoster(read)],
    },
  };
};

type Refusal = { readonly reason: RefusalReason; readonly message: string };

const refuse = (read: ReadSummary, known: KnownSummary, lost: number): Refusal | undefined => {
  const { rows, rosterTotal } = read;
  if (rows === 0 && (known.people > 0 || (rosterTotal ?? 0) > 0)) {
    const count = Math.max(known.people, rosterTotal ?? 0);
    return {
      reason: 'empty-read',
      message: `BambooHR returned nobody where ${count} people are known: check what the API key's user may see`,
    };
  }
  if (rows > 0 && lost > 0 && lost === read.requestedFields.length) {
    return {
      reason: 'no-fields',
      message: "BambooHR returned none of the fields asked for: check the field access of the API key's user",
    };
  }
  if (read.ambiguousIds > 0) {
    return {
      reason: 'ambiguous-rows',
      message: `${read.ambiguousIds} people came more than once with different values: take fields of tables with several rows per person out of the configuration`,
    };
  }
  return refuseShort(rows, known, rosterTotal);
};

/** The vendor's count decides where there is one; without it, only a halving is taken for a fault. */
const refuseShort = (rows: number, known: KnownSummary, rosterTotal: number | undefined): Refusal | undefined => {
  const expected = rosterTotal === undefined ? Math.ceil(known.people / 2) : rosterTotal - tolerance(rosterTotal);
  if (rows >= expected) return undefined;
  const against =
    rosterTotal === undefined ? `${known.people} people are known` : `its own list counts ${rosterTotal} people`;
  return {
    reason: 'short-read',
    message: `BambooHR returned ${rows} people where ${against}: check what the API key's user may see`,
  };
};

const noteFields = (lostFields: readonly string[]): string[] => {
  if (lostFields.length === 0) return [];
  const evidence = lostFields.filter((field) => EVIDENCE_FIELDS.some((name) => name === field));
  const remedy = `give the API key's user access to ${lostFields.join(', ')}, or take ${lostFields.length === 1 ? 'it' : 'them'} out of the configuration`;
  const consequence = evidence.length === 0 ? '' : `; without ${evidence.join(', ')} nobody can be seen to leave`;
  return [`fields that BambooHR did not return: ${remedy}${consequence}`];
};

const noteRoster = ({ rows, rosterTotal }: ReadSummary): string[] =>
  rosterTotal === undefined || rosterTotal === rows
    ? []
    : [`BambooHR's own list counts ${rosterTotal} people, the read has ${rows}`];
