import { didYouMean } from './nearest-name.js';
import { placed, type PolicyFault } from './policy-faults.js';
import {
  compileRule,
  compileText,
  type CompileResult,
  type Expression,
  type Rule,
} from './rules/compile-expression.js';
import { compileTemplate, type TextTemplate } from './rules/compile-template.js';
import { FieldCatalogue, type KnownField } from './rules/field-catalogue.js';

/** Steps of all rules for one person: milliseconds as texts are, some seconds where each is as long as may be. */
const MAX_STEPS = 200_000;

/** Compiles the rules of one policy, each text once, and gathers faults and warnings on the way. */
export class RuleCompiler {
  readonly faults: PolicyFault[] = [];
  readonly warnings: PolicyFault[] = [];
  readonly fields: FieldCatalogue | undefined;
  /** A named rule is worked out once for a person, and any other once for each portal that has it. */
  private steps = 0;
  private readonly compiled = new Map<string, CompileResult<unknown>>();

  constructor(
    knownFields: readonly KnownField[] | undefined,
    private readonly ruleNames: readonly string[],
  ) {
    this.fields = knownFields && new FieldCatalogue(knownFields);
  }

  rule(path: string, source: string): Rule | undefined {
    return this.once('rule', path, source, compileRule);
  }

  text(path: string, source: string): Expression<string> | undefined {
    return this.once('text', path, source, compileText);
  }

  template(path: string, source: string): TextTemplate | undefined {
    return this.once('template', path, source, compileTemplate);
  }

  /** A field that a mapping names. */
  field(path: string, name: string): void {
    if (this.fields?.has(name) !== false) return;
    this.faults.push({ path, message: `no field "${name}"${this.fields.hintFor(name)}` });
  }

  /** Values that a mapping expects of a field: one that its list does not have may be a slip, or come later. */
  values(path: string, name: string, values: Iterable<string>): void {
    const options = this.fields?.get(name)?.options ?? [];
    if (options.length === 0) return;
    for (const value of values) {
      if (value === '' || options.includes(value)) continue;
      this.warnings.push({ path, message: `${name} has no value "${value}"${didYouMean(value, options)}` });
    }
  }

  /** Each rule is bounded by itself, and there may be thousands. */
  boundTogether(): void {
    if (this.steps <= MAX_STEPS) return;
    const message = `the rules of all portals take ${this.steps} steps for one person, and may take ${MAX_STEPS}: loop over fewer items, or share a rule by its name, which is worked out once`;
    this.faults.push({ path: 'portals', message });
  }

  private once<T>(
    kind: string,
    path: string,
    source: string,
    compile: (
      source: string,
      scope: { fields: FieldCatalogue | undefined; rules: readonly string[] },
    ) => CompileResult<T>,
  ): T | undefined {
    const key = `${kind} ${source}`;
    const scope = { fields: this.fields, rules: this.ruleNames };
    const result = (this.compiled.get(key) as CompileResult<T> | undefined) ?? compile(source, scope);
    this.compiled.set(key, result);
    if (result.ok) {
      this.warnings.push(...result.warnings.map((warning) => placed(path, warning)));
      this.steps += result.cost;
    } else this.faults.push(...result.faults.map((fault) => placed(path, fault)));
    return result.ok ? result.rule : undefined;
  }
}
