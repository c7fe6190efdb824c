import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Caller, EndAccessAnswer, EndAccessRequest } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError, type Sql } from '@portico/messaging';
import { ApplyRealm } from './apply-realm.js';
import { decidedCells } from './persistence/standing-row.js';
import { effectiveDocument } from './realm/effective-document.js';
import type { RealmDocument } from './realm/realm-document.js';

type Counted = Omit<EndAccessAnswer, 'done' | 'version'>;

/** Ends the access of everybody in a portal, or in all of them: a version of the policy like any other. */
@Injectable()
export class EndAccess {
  constructor(
    private readonly orm: MikroORM,
    private readonly realm: ApplyRealm,
  ) {}

  /**
   * Says how many, and does it where that number is confirmed. It is counted again while nothing can be decided: what
   * was confirmed is what is ended.
   * @throws QuestionError `conflict` where the number is another one.
   */
  async end(caller: Caller, { portal, confirm }: EndAccessRequest): Promise<EndAccessAnswer> {
    if (caller.role !== 'admin') throw new QuestionError('forbidden', 'only an admin may end access');
    const { document, version } = await this.realm.get(caller);
    const realm = document as RealmDocument;
    const portals = portalsToEnd(realm, portal);
    const counted = await countAccess(sqlOf(this.orm.em.fork()), realm, portals);
    if (confirm === undefined) return { ...counted, done: false };
    requireNumber(counted, confirm);
    const before = async (sql: Sql) => requireNumber(await countAccess(sql, realm, portals), confirm);
    const request = { document: withEnded(realm, portals), expectedVersion: version };
    const applied = await this.realm.apply(caller, request, { origin: `access-ended:${portal ?? '*'}`, before });
    return { ...counted, done: applied.applied, version: applied.version };
  }
}

const requireNumber = ({ cells }: Counted, confirm: number): void => {
  if (cells === confirm) return;
  throw new QuestionError('conflict', `${cells} cells have access now, and ${confirm} were confirmed: look again.`);
};

/** @throws QuestionError `invalid` for a portal that there is not. */
const portalsToEnd = ({ learnupon }: RealmDocument, portal: string | undefined): readonly string[] => {
  const names = learnupon.portals.map((one) => one.portal);
  if (portal === undefined) return names;
  if (names.includes(portal)) return [portal];
  const message = `there is no portal "${portal}": take one of ${names.join(', ')}`;
  throw new QuestionError('invalid', message, [{ path: 'portal', message }]);
};

const withEnded = (document: RealmDocument, portals: readonly string[]): RealmDocument => ({
  ...document,
  learnupon: {
    ...document.learnupon,
    portals: document.learnupon.portals.map((portal) =>
      portals.includes(portal.portal) ? { ...portal, ended: true } : portal,
    ),
  },
});

/** Also of portals that are off: who had access there loses it when they come back. */
const countAccess = async (sql: Sql, document: RealmDocument, portals: readonly string[]): Promise<Counted> => {
  const rows = await sql<{ portal: string; cells: number }>(
    `select cell->>'portal' as portal, count(*)::int as cells
     from access cross join ${decidedCells('event')} as cell
     where tenant = $1 and revision > 0 and cell->>'access' = 'granted' and cell->>'portal' = any($2::text[])
     group by 1`,
    [document.tenant, portals],
  );
  const [row] = await sql<{ people: number }>(
    `select count(*)::int as people from access
     where tenant = $1 and revision > 0
       and exists (select from ${decidedCells('event')} as cell
                   where cell->>'access' = 'granted' and cell->>'portal' = any($2::text[]))`,
    [document.tenant, portals],
  );
  const byPortal = new Map(rows.map(({ portal, cells }) => [portal, cells]));
  const cells = rows.reduce((sum, one) => sum + one.cells, 0);
  const keeping = effectiveDocument(document).learnupon.portals.filter(
    ({ mode, leaving }) => mode !== 'on' || leaving.action === 'keep',
  );
  const kept = keeping.reduce((sum, { portal }) => sum + (byPortal.get(portal) ?? 0), 0);
  return {
    portals: Object.fromEntries(portals.map((portal) => [portal, byPortal.get(portal) ?? 0])),
    cells,
    people: row?.people ?? 0,
    disables: cells - kept,
  };
};
