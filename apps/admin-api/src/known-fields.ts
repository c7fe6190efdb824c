import type { Caller, KnownField, SourceFieldsAnswer, SourceFieldsRequest } from '@portico/contracts';
import { Problem } from './http/problem.js';
import type { Services } from './services.js';

/**
 * The fields that the BambooHR account has, for rules to be checked against. For an admin also of an account that is not
 * configured yet: the one that the document names. Empty where they are not known: while bamboohr-ingestion is silent, or
 * BambooHR is. Then every name is taken for a field, as the warnings say.
 */
export const knownFieldsOf = async (
  services: Services,
  caller: Caller,
  document: object = {},
): Promise<{ readonly knownFields?: readonly KnownField[] }> => {
  try {
    const { fields }: SourceFieldsAnswer = await services.sourceFields(caller, sourceIn(caller, document));
    return fields.length === 0 ? {} : { knownFields: fields };
  } catch (error) {
    if (error instanceof Problem && ['unavailable', 'not-found'].includes(error.body.code)) return {};
    throw error;
  }
};

/** As far as it is written well: what is not, the check of the realm says. */
const sourceIn = ({ role }: Caller, document: object): SourceFieldsRequest => {
  const { bamboohr = {} } = document as { bamboohr?: Readonly<Record<string, unknown>> | null };
  const { company, baseUrl, secretRef } = bamboohr ?? {};
  if (role !== 'admin' || typeof company !== 'string') return {};
  return {
    company,
    ...(typeof baseUrl === 'string' ? { baseUrl } : {}),
    ...(typeof secretRef === 'string' ? { secretRef } : {}),
  };
};
