import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { answerBambooHr, BAMBOOHR, throttledBambooHr } from './bamboohr/routes.js';
import { emptyError } from './bamboohr/answers.js';
import { answerControl } from './control/routes.js';
import { jsonAnswer, type Answer, type Call, type Outcome } from './http/call.js';
import { locate, type Place } from './http/locate.js';
import { readBody } from './http/read-body.js';
import { writeAnswer } from './http/write-answer.js';
import { errorAnswer } from './learnupon/answers.js';
import { answerLearnUpon, throttledLearnUpon } from './learnupon/routes.js';
import type { FaultSpec, Trouble } from './world/faults.js';
import type { World } from './world/world.js';

type VendorPlace = Exclude<Place, undefined | { vendor: 'control' }>;

const NOWHERE: Answer = jsonAnswer(
  { error: 'nothing is served here: see /bamboohr/{company}/api/v1, /learnupon/{portal}/api/v1 and /_sandbox' },
  404,
);
const TOO_LARGE: Answer = { status: 413 };

const targetOf = (place: VendorPlace): string => (place.vendor === 'bamboohr' ? BAMBOOHR : place.portal);

const retryAfterOf = (
  { retryAfter = 'seconds', retryAfterSeconds = 2 }: FaultSpec,
  now: number,
): string | undefined => {
  if (retryAfter === 'none') return undefined;
  return retryAfter === 'date' ? new Date(now + retryAfterSeconds * 1_000).toUTCString() : String(retryAfterSeconds);
};

/** The answer that a fault gives in place of the vendor's. */
const troubledAnswer = (place: VendorPlace, { throttle, error, forbid }: Trouble): Answer | undefined => {
  const isBambooHr = place.vendor === 'bamboohr';
  if (throttle)
    return (isBambooHr ? throttledBambooHr : throttledLearnUpon)(
      retryAfterOf(throttle, Date.now()),
      throttle.status ?? 429,
    );
  if (forbid)
    return isBambooHr
      ? emptyError(forbid.status ?? 403, 'The user does not have access')
      : errorAnswer(forbid.status ?? 401, 'Invalid API credentials');
  if (!error) return undefined;
  const status = error.status ?? 500;
  return isBambooHr ? emptyError(status, 'Internal error') : errorAnswer(status, 'internal error, please try again');
};

const answerVendor = (world: World, place: VendorPlace, call: Call): Outcome => {
  const answer = troubledAnswer(place, call.trouble);
  if (answer) return { answer, target: targetOf(place), pattern: 'fault' };
  if (place.vendor === 'bamboohr') return answerBambooHr(world, place.company, call);
  return answerLearnUpon(world, place.portal, call);
};

const serveVendor = async (world: World, place: VendorPlace, call: Call, response: ServerResponse): Promise<void> => {
  const { trouble, method } = call;
  const target = targetOf(place);
  if (trouble.delayMs > 0) await delay(trouble.delayMs);
  if (trouble.drop === 'before') {
    world.calls.record(target, method, 'fault', 'dropped');
    response.destroy();
    return;
  }
  const { answer, pattern } = answerVendor(world, place, call);
  // Whatever happens to the answer from here on, the effect took place.
  world.calls.record(target, method, pattern, trouble.drop === 'after' ? 'dropped' : answer.status);
  if (trouble.drop === 'after') response.destroy();
  else await writeAnswer(response, answer);
};

const serve = async (world: World, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request);
  if (!body) return writeAnswer(response, TOO_LARGE);
  const { method = 'GET', headers, url = '/' } = request;
  const queryAt = url.indexOf('?');
  const place = locate(headers.host ?? '', queryAt < 0 ? url : url.slice(0, queryAt));
  if (!place) return writeAnswer(response, NOWHERE);
  const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1));
  const call = { method, path: place.path, query, headers, body, params: {} };
  if (place.vendor === 'control') {
    const scheme = (request.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
    const origin = `${scheme}://${headers.host ?? ''}`;
    return writeAnswer(
      response,
      answerControl(world, origin, { ...call, trouble: { delayMs: 0, keep: 1, hiddenFields: [] } }),
    );
  }
  return serveVendor(
    world,
    place,
    { ...call, trouble: world.faults.strike(targetOf(place), method, place.path) },
    response,
  );
};

const giveUp = (response: ServerResponse, error: unknown): void => {
  console.error('sandbox: a fault of its own', error);
  if (response.headersSent || response.destroyed) response.destroy();
  else response.writeHead(500).end();
};

/** Answers for both vendors and the control API. */
export const answerRequests =
  (world: World): RequestListener =>
  (request, response) => {
    serve(world, request, response).catch((error: unknown) => {
      // A caller that went away in the middle of its request is none of our faults.
      if (request.destroyed && !request.complete) response.destroy();
      else giveUp(response, error);
    });
  };
