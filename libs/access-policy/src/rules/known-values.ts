import { EvaluationError } from '@marcbachmann/cel-js';

/** Made once: an error with a stack for each unknown field would cost more than all the rest of a decision. */
export const UNKNOWN = new EvaluationError('the value is unknown');

export type KnownValue = string | boolean;

/** The values that a rule may use, by name. To ask for one that is not there is CEL's error, and so *unknown*. */
export class KnownValues extends Map<string, KnownValue> {
  override get(name: string): KnownValue {
    const value = super.get(name);
    if (value === undefined) throw UNKNOWN;
    return value;
  }
}
