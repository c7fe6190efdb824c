import type { Sql } from '@portico/messaging';
import { effectiveDocument } from './realm/effective-document.js';
import type { RealmDocument } from './realm/realm-document.js';

/**
 * Portals that nothing was decided for, and that an earlier version had: accounts of then are there still. Nobody has
 * access by the stored version, so that no preview can count who loses it. Sentences, one for each portal.
 */
export const warnOfReturnedPortals = async (
  sql: Sql,
  document: RealmDocument,
  stored: RealmDocument | undefined,
): Promise<string[]> => {
  if (stored === undefined) return [];
  const before = modesOf(stored);
  const returning = [...modesOf(document)].filter(([portal, mode]) => mode === 'on' && isOut(before.get(portal)));
  if (returning.length === 0) return [];
  const rows = await sql<{ portal: string }>(
    `select distinct portal->>'portal' as portal
     from realm_version cross join jsonb_array_elements(document->'learnupon'->'portals') as portal
     where tenant = $1 and portal->>'portal' = any($2::text[])`,
    [document.tenant, returning.map(([portal]) => portal)],
  );
  const known = new Set(rows.map(({ portal }) => portal));
  return returning.flatMap(([portal]) =>
    known.has(portal)
      ? [
          `${portal} comes back: accounts that Portico has there of before are kept alike again, and taken from people who do not belong; the preview can't count these`,
        ]
      : [],
  );
};

const modesOf = (document: RealmDocument): ReadonlyMap<string, string> =>
  new Map(effectiveDocument(document).learnupon.portals.map(({ portal, mode }) => [portal, mode]));

const isOut = (mode: string | undefined): boolean => mode === undefined || mode === 'off';
