import type { RealmDocumentRequest, RealmPlanAnswer } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';
import type { Realm } from '../persistence/entities.js';
import { asDocument, type DocumentFault } from './check-document.js';
import { diffDocuments } from './diff-documents.js';
import type { RealmDocument } from './realm-document.js';
import { warnOf } from './warn-of.js';

/**
 * What a document changes of the stored one.
 * @param found what the check of its rules warned of.
 * @throws QuestionError `conflict` where another version was expected, also where nothing changes: what was looked at is old.
 */
export const planOf = (
  realm: Realm | undefined,
  document: RealmDocument,
  { expectedVersion, knownFields }: RealmDocumentRequest,
  found: readonly DocumentFault[] = [],
): RealmPlanAnswer => {
  const storedVersion = realm?.version ?? 0;
  const stored = realm?.document ? asDocument(realm.document) : undefined;
  const changes = diffDocuments(stored, document);
  if (expectedVersion !== undefined && expectedVersion !== storedVersion) {
    const message = `version ${storedVersion} is stored, and you began with ${expectedVersion}: get it, and change that`;
    throw new QuestionError('conflict', message);
  }
  const warnings = [
    ...found.map(({ path, message }) => `${path}: ${message}`),
    ...warnOf(document, stored, knownFields),
  ];
  return { tenant: document.tenant, storedVersion, changes, warnings };
};
