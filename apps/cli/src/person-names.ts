import type { ApiClient } from './api-client.js';
import type { Person } from './answers.js';
import { Failure } from './errors.js';

/** As many ids as fit into a URL. */
const AT_ONCE = 100;

/** Names of employees, asked for once each. */
export class PersonNames {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly api: ApiClient,
    private readonly path: string,
  ) {}

  async of(employeeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const missing = [...new Set(employeeIds)].filter((id) => !this.known.has(id));
    for (let start = 0; start < missing.length; start += AT_ONCE) await this.ask(missing.slice(start, start + AT_ONCE));
    return this.known;
  }

  /** A name that can't be had now is asked for again with the next event. */
  private async ask(employee: readonly string[]): Promise<void> {
    try {
      const { rows } = await this.api.rows<Person>(this.path, { employee }, employee.length);
      for (const { employeeId, name } of rows) if (name !== null) this.known.set(employeeId, name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
}
