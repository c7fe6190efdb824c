import { jsonAnswer, type Answer } from '../http/call.js';
import { RealmRefusal } from '../world/user-input.js';
import type { Switches } from '../world/switches.js';

/** The error body that LearnUpon gives to what it refuses. */
export const errorAnswer = (status: number, message: string): Answer =>
  jsonAnswer({ response_type: 'ERROR', response_code: status, message }, status);

export const BAD_JSON: Answer = jsonAnswer({ error: 'There was a problem in the JSON you submitted.' }, 400);

/** The answer to a POST or PUT whose body lacks the envelope. */
export const unwrapped = (name: string): Answer => errorAnswer(404, `Invalid ${name} parameters provided`);

/** @throws what is no refusal of the realm */
export const refusalAnswer = (error: unknown, switches: Switches): Answer => {
  if (!(error instanceof RealmRefusal)) throw error;
  return errorAnswer(error.code === 'not-found' ? 404 : switches.refusalStatus, error.message);
};
