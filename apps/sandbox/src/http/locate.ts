/** Whom a URL means, and the path below that one's base. */
export type Place =
  | { readonly vendor: 'bamboohr'; readonly company: string | undefined; readonly path: string }
  | { readonly vendor: 'learnupon'; readonly portal: string; readonly path: string }
  | { readonly vendor: 'control'; readonly path: string }
  | undefined;

const PREFIX = /^\/(bamboohr|learnupon)\/([^/]+)(\/.*)?$/;
const VENDOR_HOST = /^([a-z0-9-]+)\.(bamboohr|learnupon)\.com(?::\d+)?$/i;

/** By the host's name, so that a client with a fixed host works, or by a path prefix below localhost. */
export const locate = (host: string, path: string): Place => {
  if (path === '/_sandbox' || path.startsWith('/_sandbox/'))
    return { vendor: 'control', path: path.slice('/_sandbox'.length) };
  const [, label, domain] = VENDOR_HOST.exec(host) ?? [];
  const name = label?.toLowerCase();
  // `api` is the gateway: there the path names the company.
  if (domain?.toLowerCase() === 'bamboohr')
    return { vendor: 'bamboohr', company: name === 'api' ? undefined : name, path };
  if (domain && name) return { vendor: 'learnupon', portal: name, path };
  const [, vendor, prefixed, rest = '/'] = PREFIX.exec(path) ?? [];
  if (vendor === 'bamboohr' && prefixed) return { vendor, company: prefixed, path: rest };
  if (vendor === 'learnupon' && prefixed) return { vendor, portal: prefixed, path: rest };
  return path.startsWith('/api/gateway.php/') ? { vendor: 'bamboohr', company: undefined, path } : undefined;
};
