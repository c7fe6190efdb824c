import { readFileSync, writeFileSync } from 'node:fs';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import type { PortalSpec } from '@portico/sandbox';
import type { SandboxAddress } from '@portico/sandbox';

const portalsOf = (document: Document): YAMLMap[] => {
  const portals = document.getIn(['learnupon', 'portals']);
  return isSeq(portals) ? portals.items.filter((item) => isMap(item)) : [];
};

/** The sandbox's portals for a realm file: the same names, identifiers and custom fields. */
export const sandboxPortals = (file: string): PortalSpec[] =>
  portalsOf(parseDocument(readFileSync(file, 'utf8'))).map((portal) => {
    const fields = portal.get('customData');
    return {
      portal: String(portal.get('portal')),
      title: String(portal.get('title')),
      topLevel: portal.get('topLevel') === true,
      customFields: isMap(fields) ? fields.items.map(({ key }) => ({ label: String(key) })) : [],
    };
  });

export interface RealmOptions {
  /** Another name for the tenant and its secrets. */
  readonly tenant?: string;
  readonly pool?: string;
  readonly pollSeconds?: number;
}

type Values = Readonly<Record<string, string>>;

/** A realm's text pointed at the sandbox, comments kept, and the secrets that it names. */
export const realmFor = (
  text: string,
  sandbox: SandboxAddress,
  options: RealmOptions = {},
): { readonly text: string; readonly secrets: Readonly<Record<string, Values>> } => {
  const document = parseDocument(text);
  const name = options.tenant ?? String(document.get('tenant'));
  const secrets: Record<string, Values> = { [`${name}-bamboohr`]: { apiKey: sandbox.bamboohr.apiKey } };
  document.set('tenant', name);
  if (options.pool) document.set('pool', options.pool);
  document.setIn(['bamboohr', 'company'], sandbox.bamboohr.company);
  document.setIn(['bamboohr', 'baseUrl'], sandbox.bamboohr.url);
  if (options.pollSeconds) document.setIn(['bamboohr', 'pollSeconds'], options.pollSeconds);
  document.setIn(['bamboohr', 'secretRef'], `${name}-bamboohr`);
  for (const portal of portalsOf(document)) {
    const address = sandbox.learnupon.find((one) => one.portal === portal.get('portal'));
    if (!address) throw new Error(`the sandbox has no portal ${String(portal.get('portal'))}`);
    const ref = `${name}-${address.portal}`;
    portal.set('baseUrl', address.url);
    portal.set('secretRef', ref);
    secrets[ref] = { username: address.username, password: address.password };
  }
  return { text: document.toString(), secrets };
};

/** The same from a file to a file. */
export const writeRealmFile = (
  from: string,
  to: string,
  sandbox: SandboxAddress,
  writeSecret: (ref: string, values: Values) => void,
  options: RealmOptions = {},
): void => {
  const { text, secrets } = realmFor(readFileSync(from, 'utf8'), sandbox, options);
  for (const [ref, values] of Object.entries(secrets)) writeSecret(ref, values);
  writeFileSync(to, text);
};
