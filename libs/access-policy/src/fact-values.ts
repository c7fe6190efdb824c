import type { EmployeeFacts } from './employee-facts.js';
import type { RealmPolicy } from './policy.js';
import { MAX_TEXT } from './rules/functions.js';
import { KnownValues, UNKNOWN, type KnownValue } from './rules/known-values.js';
import { numberedField, TODAY } from './rules/read-usage.js';

/** `confirmed`: only what the latest read showed, for rules. `last-known`: for what an account is to hold. */
export type Trust = 'confirmed' | 'last-known';

/** What the rules of one policy may ask of one employee; a named rule is worked out when it is first asked for. */
export class FactValues extends KnownValues {
  /** True once some rule asked for the day: the answers may differ tomorrow. */
  sawToday = false;
  private readonly answers = new Map<string, boolean | undefined>();

  constructor(
    private readonly facts: EmployeeFacts,
    private readonly policy: RealmPolicy,
    private readonly today: string,
    private readonly trust: Trust,
  ) {
    super();
  }

  override get(name: string): KnownValue {
    const value = this.facts.fields[name];
    if (typeof value === 'string' || value === null) return this.ofField(name, value);
    if (name === TODAY) {
      this.sawToday = true;
      return this.today;
    }
    if (name.startsWith('rules_')) return this.ofRule(name.slice('rules_'.length));
    if (name.startsWith('field_')) return this.get(numberedField(name));
    throw UNKNOWN;
  }

  private ofField(name: string, value: string | null): string {
    if (this.trust === 'confirmed' && this.facts.unconfirmed.includes(name)) throw UNKNOWN;
    if (value === null) return '';
    if (value.length > MAX_TEXT) throw UNKNOWN;
    return value;
  }

  private ofRule(name: string): boolean {
    if (!this.answers.has(name)) this.answers.set(name, this.policy.named.get(name)?.holds(this));
    const answer = this.answers.get(name);
    if (answer === undefined) throw UNKNOWN;
    return answer;
  }
}
