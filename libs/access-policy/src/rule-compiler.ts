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

/** Compiles the rules of one policy, each text once, and gathers faults and warnings on the way. */
export class RuleCompiler {
  readonly faults: PolicyFault[] = [];
  readonly warnings: PolicyFault[] = [];
  readonly fields: FieldCatalogue | undefined;
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
    if (result.ok) this.warnings.push(...result.warnings.map((warning) => placed(path, warning)));
    else this.faults.push(...result.faults.map((fault) => placed(path, fault)));
    return result.ok ? result.rule : undefined;
  }
}
