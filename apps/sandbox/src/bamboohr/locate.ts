import type { Version } from './request.js';

export interface Located {
  readonly company: string;
  readonly version: Version;
  /** Below the version. */
  readonly path: string;
  readonly byGateway: boolean;
}

const GATEWAY = /^\/api\/gateway\.php\/([^/]+)(\/.*)$/;
const VERSIONED = /^\/(v1|v1_1|v1_2|v2)(\/.*)?$/;

/** Company, version and path of a call, of either URL form. @param host the company that the host names, where one does */
export const locateCall = (host: string | undefined, path: string): Located | undefined => {
  const [, gatewayCompany, gatewayPath] = GATEWAY.exec(path) ?? [];
  const company = gatewayCompany ?? host;
  const rest = gatewayPath ?? (path.startsWith('/api/') ? path.slice('/api'.length) : '');
  const [, version, below = '/'] = VERSIONED.exec(rest) ?? [];
  if (company === undefined || version === undefined) return undefined;
  return { company, version: version as Version, path: below, byGateway: gatewayCompany !== undefined };
};
