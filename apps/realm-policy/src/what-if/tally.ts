import { changedCells, closesGate, type CellChange, type Gate } from '@portico/access-policy';
import type { PortalMode, WhatIfPortal, WhatIfResult } from '@portico/contracts';
import { changeOf } from '../count-decisions.js';
import type { DecidedPerson, Standing } from '../decide-person.js';
import type { Lately } from '../persistence/taken.js';
import { effectiveDocument, gateOf } from '../realm/effective-document.js';
import type { RealmDocument } from '../realm/realm-document.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends object ? Mutable<T[Key]> : T[Key] };
type PortalTally = Mutable<WhatIfPortal>;

const emptyTally = (portal: string): PortalTally => ({
  portal,
  before: 0,
  after: 0,
  granted: 0,
  changed: 0,
  withheld: 0,
  stopped: 0,
  writes: { create: 0, invite: 0, update: 0, disable: 0 },
  causes: {},
});

/** An end of access for everybody is confirmed by its number, and passes. */
const withHeld = (tally: PortalTally, gate: Gate, lately: Lately | undefined): PortalTally => {
  const { others = 0, coming = 0 } = lately ?? {};
  const confirmed = tally.causes['withheld/access-ended'] ?? 0;
  const [people, of] = [tally.withheld + others + coming, tally.before + others];
  const isHeld = tally.withheld > confirmed && closesGate(gate, people, of);
  return isHeld ? { ...tally, held: { people, of } } : tally;
};

/** What a draft would make of everybody, person by person. */
export class WhatIfTally {
  people = 0;
  touched = 0;
  private readonly totals = { joiners: 0, movers: 0, leavers: 0 };
  private readonly portals: Map<string, PortalTally>;
  private readonly writing: ReadonlySet<string>;
  /** Where nothing is decided nothing is taken. */
  private readonly off: ReadonlySet<string>;
  private readonly gate: Gate;

  /** @param before names of the portals that there are now. */
  constructor(draft: RealmDocument, before: readonly string[]) {
    const names = [...draft.learnupon.portals.map(({ portal }) => portal), ...before];
    this.portals = new Map([...new Set(names)].map((portal) => [portal, emptyTally(portal)]));
    this.gate = gateOf(draft);
    const { learnupon } = effectiveDocument(draft);
    const namesOf = (wanted: PortalMode) =>
      learnupon.portals.filter(({ mode }) => mode === wanted).map(({ portal }) => portal);
    this.off = new Set(namesOf('off'));
    this.writing = new Set(draft.active ? namesOf('on') : []);
  }

  /** Gives the cells that would differ. */
  add(decided: DecidedPerson): readonly CellChange[] {
    const before = decided.person.standing?.portals ?? [];
    const after = decided.decision.portals;
    const cells = changedCells(before, after);
    this.people += 1;
    if (cells.length > 0) this.touched += 1;
    const kind = changeOf(decided);
    if (kind !== undefined) this.totals[kind] += 1;
    for (const { portal, access } of before) if (access === 'granted') this.of(portal).before += 1;
    for (const { portal, access } of after) if (access === 'granted') this.of(portal).after += 1;
    for (const cell of cells) this.addCell(cell, after);
    return cells;
  }

  /** @param lately what was taken within a day. */
  result(lately: readonly Lately[] = []): Pick<WhatIfResult, 'people' | 'touched' | 'totals' | 'portals' | 'writes'> {
    const portals = [...this.portals.values()].map((tally) =>
      this.off.has(tally.portal)
        ? tally
        : withHeld(
            tally,
            this.gate,
            lately.find(({ portal }) => portal === tally.portal),
          ),
    );
    const writes = portals.flatMap((portal) => Object.values(portal.writes)).reduce((sum, count) => sum + count, 0);
    return { people: this.people, touched: this.touched, totals: this.totals, portals, writes };
  }

  private addCell({ portal, effect, after }: CellChange, decisions: Standing['portals']): void {
    const tally = this.of(portal);
    tally[effect] += 1;
    const cause = `${effect}/${after?.reason ?? 'portal-removed'}`;
    tally.causes[cause] = (tally.causes[cause] ?? 0) + 1;
    if (!this.writing.has(portal)) return;
    const decision = decisions.find((one) => one.portal === portal);
    if (effect === 'granted' && decision?.learner) tally.writes[decision.learner.onboarding] += 1;
    if (effect === 'changed') tally.writes.update += 1;
    if (effect === 'withheld' && decision?.leaving !== 'keep') tally.writes.disable += 1;
  }

  private of(portal: string): PortalTally {
    const tally = this.portals.get(portal) ?? emptyTally(portal);
    this.portals.set(portal, tally);
    return tally;
  }
}
