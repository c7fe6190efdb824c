import { isStorable, type PlacedFault } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';

/** Fields that must be a text. */
export const missing = (body: object, fields: readonly string[]): PlacedFault[] =>
  fields.flatMap((path) => {
    const value: unknown = body[path as keyof typeof body];
    return typeof value === 'string' && value !== '' && isStorable(value) ? [] : [{ path, message: 'is missing' }];
  });

/** What is wrong with one field, where that is said by throwing. */
export const faultOf = (path: string, check: () => unknown): PlacedFault[] => {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof QuestionError) return [{ path, message: error.message }];
    throw error;
  }
};

export const refuseFaults = (message: string, faults: readonly PlacedFault[]): void => {
  if (faults.length > 0) throw new QuestionError('invalid', message, faults);
};
