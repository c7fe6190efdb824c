import { FAULT_KINDS } from '../../world/faults.js';
import { switchTable, type SwitchEntry } from '../../world/switches.js';
import {
  about,
  answerOf,
  anything,
  bodyOf,
  count,
  day,
  listOf,
  mapOf,
  moment,
  oneOf,
  share,
  text,
  type Operations,
  type Schema,
} from './schema.js';

const clock = answerOf({ now: moment, today: about(day, 'in the company’s time zone'), timeZone: text });

const switchSchema = ({ values, about: description, default: first }: SwitchEntry): Schema =>
  values.length === 1 ? { ...count, description, default: first } : { enum: values, description, default: first };

const switches = Object.fromEntries(switchTable().map((each) => [each.name, switchSchema(each)]));

const allSwitches = answerOf({
  switches: answerOf(switches),
  known: listOf(
    answerOf({
      name: text,
      vendor: oneOf('bamboohr', 'learnupon'),
      values: listOf(anything),
      default: anything,
      about: text,
    }),
  ),
});

const fault = {
  target: about(text, '`bamboohr`, a portal, or `*` for all'),
  kind: oneOf(...FAULT_KINDS),
  rate: about(share, 'share of the calls that have it; by default all'),
  count: about({ type: 'integer', minimum: 1 }, 'it is over after so many calls; by default it stays'),
  method: about(text, 'only calls of this method'),
  path: about(text, 'only calls whose path contains this'),
  ms: about(count, 'latency: by default 500'),
  status: about({ type: 'integer', minimum: 400, maximum: 599 }, 'error, throttle and forbid: another status'),
  retryAfter: about(oneOf('seconds', 'date', 'none'), 'throttle: the form of Retry-After'),
  retryAfterSeconds: count,
  keep: about(share, 'short-read: share of the rows that stay; by default half'),
  field: about(text, 'hide-field: BambooHR’s alias'),
};

const optional = Object.keys(fault).filter((key) => key !== 'target' && key !== 'kind');
const faultAnswer = answerOf(
  { id: count, left: about({ type: ['integer', 'null'] }, 'null: until it is switched off'), ...fault },
  optional,
);

const counts = answerOf({
  reads: count,
  writes: count,
  throttled: about(count, 'answered 429 or 503'),
  refused: about(count, 'any other answer from 400 on'),
  dropped: count,
  byCall: mapOf(count),
});
const allCounts = answerOf({ bamboohr: counts, portals: mapOf(counts) });

export const conditionOperations: Operations = {
  'GET /clock': { summary: 'The sandbox’s now', answer: clock },
  'POST /clock': {
    summary: 'Moves the clock forward, to a moment or by a duration',
    body: {
      oneOf: [
        bodyOf({ now: moment }, ['now']),
        bodyOf({ advance: about(text, 'ISO 8601, e.g. P1D or PT90M') }, ['advance']),
      ],
    },
    example: { advance: 'P1D' },
    answer: clock,
  },
  'GET /switches': { summary: 'What the vendors’ documents leave open', answer: allSwitches },
  'POST /switches': {
    summary: 'Sets switches',
    body: bodyOf(switches),
    example: { listLagSeconds: 30 },
    answer: allSwitches,
  },
  'GET /faults': { summary: 'What goes wrong', answer: answerOf({ faults: listOf(faultAnswer) }) },
  'POST /faults': {
    summary: 'Something goes wrong from now on',
    body: bodyOf(fault, ['target', 'kind']),
    example: { target: '*', kind: 'latency', ms: 20 },
    status: 201,
    answer: faultAnswer,
  },
  'DELETE /faults': { summary: 'Nothing goes wrong any more', answer: answerOf({ faults: listOf(faultAnswer) }) },
  'DELETE /faults/:id': { summary: 'Takes one fault back', answer: answerOf({ removed: count }) },
  'GET /calls': { summary: 'How often each API was called, and how it went', answer: allCounts },
  'DELETE /calls': { summary: 'Counts from nought', answer: allCounts },
};

/** What is served beside the calls. */
export const pageOperations: Operations = {
  'GET /': {
    summary: 'The page for a browser; for anyone else the list of calls',
    answer: answerOf({ calls: listOf(text), openapi: text }),
  },
  'GET /openapi.json': { summary: 'This document', answer: { type: 'object', additionalProperties: true } },
};
