import { ApiClient } from './api-client.js';
import type { Me } from './answers.js';
import { UsageError } from './errors.js';
import { tokenFrom, urlFrom, type GlobalOptions } from './settings.js';
import { hasColour, painter, type Paint, type Terminal } from './terminal.js';

/** One run of a command: whom it talks to, as whom, and how it answers. */
export class Session {
  readonly api: ApiClient;
  readonly paint: Paint;
  /** For stderr, which may be another terminal than stdout. */
  readonly paintNote: Paint;
  /** There is one answer to a command: a failure after it is told beside it. */
  hasAnswered = false;

  constructor(
    readonly terminal: Terminal,
    readonly options: GlobalOptions,
  ) {
    const { env, stdout, stderr } = terminal;
    this.api = new ApiClient(urlFrom(options, env), tokenFrom(options, env));
    this.paint = painter(hasColour(stdout, env));
    this.paintNote = painter(hasColour(stderr, env));
  }

  get isJson(): boolean {
    return this.options.output === 'json';
  }

  /** The answer, on stdout: as JSON where that was asked for. */
  answer(value: unknown, text: () => string): void {
    this.hasAnswered = true;
    this.print(this.isJson ? JSON.stringify(value, null, 2) : text());
  }

  print(text: string): void {
    this.terminal.stdout.write(`${text}\n`);
  }

  /** What is no part of the answer, on stderr. */
  note(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }

  /** From --tenant, PORTICO_TENANT, or the only one that the token has. */
  async tenant(): Promise<string> {
    const told = this.options.tenant ?? this.terminal.env['PORTICO_TENANT'];
    if (told) return told;
    const { tenant } = await this.api.get<Me>('/v1/me');
    if (tenant !== '*') return tenant;
    throw new UsageError('this token is for every tenant: say which with --tenant <tenant> or PORTICO_TENANT');
  }

  /** The path of one tenant's resource. */
  async path(resource: string): Promise<string> {
    return tenantPath(await this.tenant(), resource);
  }
}

export const tenantPath = (tenant: string, resource: string): string =>
  `/v1/tenants/${encodeURIComponent(tenant)}/${resource}`;
