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

/**
 * Writes a realm file that points at the sandbox, comments kept, and the secrets that it names.
 * The tenant and its secrets get another name where one is given.
 */
export const writeRealmFile = (
  from: string,
  to: string,
  sandbox: SandboxAddress,
  writeSecret: (ref: string, values: Readonly<Record<string, string>>) => void,
  options: { readonly tenant?: string; readonly pool?: string; readonly pollSeconds?: number } = {},
): void => {
  const document = parseDocument(readFileSync(from, 'utf8'));
  const name = options.tenant ?? String(document.get('tenant'));
  document.set('tenant', name);
  if (options.pool) document.set('pool', options.pool);
  document.setIn(['bamboohr', 'company'], sandbox.bamboohr.company);
  document.setIn(['bamboohr', 'baseUrl'], sandbox.bamboohr.url);
  if (options.pollSeconds) document.setIn(['bamboohr', 'pollSeconds'], options.pollSeconds);
  document.setIn(['bamboohr', 'secretRef'], `${name}-bamboohr`);
  writeSecret(`${name}-bamboohr`, { apiKey: sandbox.bamboohr.apiKey });
  for (const portal of portalsOf(document)) {
    const address = sandbox.learnupon.find((one) => one.portal === portal.get('portal'));
    if (!address) throw new Error(`the sandbox has no portal ${String(portal.get('portal'))}`);
    const ref = `${name}-${address.portal}`;
    portal.set('baseUrl', address.url);
    portal.set('secretRef', ref);
    writeSecret(ref, { username: address.username, password: address.password });
  }
  writeFileSync(to, document.toString());
};
