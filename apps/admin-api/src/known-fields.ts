import type { Caller, KnownField, SourceFieldsAnswer } from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';

/**
 * The fields that the BambooHR account has, for rules to be checked against. Empty where they are not known: before the
 * first read, and while bamboohr-ingestion is silent. Then every name is taken for a field, as the warnings say.
 */
export const knownFieldsOf = async (
  services: Services,
  caller: Caller,
): Promise<{ readonly knownFields?: readonly KnownField[] }> => {
  try {
    const { fields }: SourceFieldsAnswer = await services.sourceFields(caller, {});
    return fields.length === 0 ? {} : { knownFields: fields };
  } catch (error) {
    if (error instanceof Problem && ['unavailable', 'not-found'].includes(error.body.code)) return {};
    throw error;
  }
};
