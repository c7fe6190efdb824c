import { jsonAnswer } from '../http/call.js';
import { BAMBOOHR } from '../bamboohr/routes.js';
import { FAULT_KINDS, type FaultKind, type FaultSpec } from '../world/faults.js';
import { setSwitches, switchTable } from '../world/switches.js';
import { BadRequest, numberIn, onlyKeys, textIn, type ControlCall, type ControlHandler } from './answers.js';

const clockAnswer = ({ world }: ControlCall): ReturnType<ControlHandler> => {
  const { timeZone } = world.company;
  const now = Temporal.Instant.fromEpochMilliseconds(world.clock.now()).toString();
  return jsonAnswer({ now, today: world.company.today(), timeZone });
};

const instantIn = (text: string): Temporal.Instant => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    throw new BadRequest('"now" is a moment such as 2026-11-02T09:00:00Z');
  }
};

const durationIn = (text: string): Temporal.Duration => {
  try {
    return Temporal.Duration.from(text);
  } catch {
    throw new BadRequest('"advance" is an ISO 8601 duration such as P1D or PT90M');
  }
};

/** `{"now": moment}` or `{"advance": duration}`; days are days of the company's time zone. */
const moveClock: ControlHandler = (call) => {
  const { world, body } = call;
  onlyKeys(body, ['now', 'advance']);
  const now = textIn(body, 'now');
  const advance = textIn(body, 'advance');
  if ((now === undefined) === (advance === undefined)) throw new BadRequest('give either "now" or "advance"');
  const current = Temporal.Instant.fromEpochMilliseconds(world.clock.now()).toZonedDateTimeISO(world.company.timeZone);
  world.clock.moveTo(now === undefined ? current.add(durationIn(advance ?? '')).toInstant() : instantIn(now));
  return clockAnswer(call);
};

const switchesAnswer = ({ world }: ControlCall): ReturnType<ControlHandler> =>
  jsonAnswer({ switches: world.switches, known: switchTable() });

const changeSwitches: ControlHandler = (call) => {
  const { switches, realm } = call.world;
  const wasCaseSensitive = switches.emailCaseSensitive;
  setSwitches(switches, call.body);
  if (switches.emailCaseSensitive !== wasCaseSensitive) realm.indexAgain();
  return switchesAnswer(call);
};

const FAULT_KEYS = [
  'target',
  'kind',
  'rate',
  'count',
  'method',
  'path',
  'ms',
  'status',
  'retryAfter',
  'retryAfterSeconds',
  'keep',
  'field',
] as const;

const faultIn = ({ world, body }: ControlCall): FaultSpec => {
  onlyKeys(body, FAULT_KEYS);
  const target = textIn(body, 'target') ?? '';
  const targets = ['*', BAMBOOHR, ...world.realm.portals.map(({ name }) => name)];
  if (!targets.includes(target)) throw new BadRequest(`"target" is one of: ${targets.join(', ')}`);
  const kind = textIn(body, 'kind') as FaultKind;
  if (!FAULT_KINDS.includes(kind)) throw new BadRequest(`"kind" is one of: ${FAULT_KINDS.join(', ')}`);
  for (const key of ['rate', 'keep'] as const) {
    const share = numberIn(body, key);
    if (share !== undefined && (share < 0 || share > 1)) throw new BadRequest(`"${key}" is a number from 0 to 1`);
  }
  for (const key of ['count', 'ms', 'status', 'retryAfterSeconds'] as const) {
    const number = numberIn(body, key);
    if (number !== undefined && (!Number.isInteger(number) || number < 0))
      throw new BadRequest(`"${key}" is a whole number`);
  }
  const status = numberIn(body, 'status');
  if (status !== undefined && (status < 400 || status > 599)) throw new BadRequest('"status" is from 400 to 599');
  if (body['count'] === 0) throw new BadRequest('"count" is at least 1');
  if (kind === 'hide-field' && textIn(body, 'field') === undefined)
    throw new BadRequest('"field" is the alias to hide');
  for (const key of ['method', 'path', 'field'] as const) textIn(body, key);
  if (!['seconds', 'date', 'none', undefined].includes(textIn(body, 'retryAfter')))
    throw new BadRequest('"retryAfter" is seconds, date or none');
  return body as unknown as FaultSpec;
};

const addFault: ControlHandler = (call) => jsonAnswer(call.world.faults.add(faultIn(call)), 201);

const removeFault: ControlHandler = ({ world, params }) => {
  if (!world.faults.remove(Number(params['id'])))
    throw new BadRequest(`there is no fault ${params['id'] ?? ''}: see GET /faults`);
  return jsonAnswer({ removed: Number(params['id']) });
};

const clearFaults: ControlHandler = ({ world }) => {
  world.faults.clear();
  return jsonAnswer({ faults: [] });
};

const countCalls: ControlHandler = ({ world: { calls, realm } }) => {
  const portals = Object.fromEntries(realm.portals.map(({ name }) => [name, calls.of(name)]));
  return jsonAnswer({ bamboohr: calls.of(BAMBOOHR), portals });
};

const clearCalls: ControlHandler = (call) => {
  call.world.calls.clear();
  return countCalls(call);
};

export const conditionRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /clock': clockAnswer,
  'POST /clock': moveClock,
  'GET /switches': switchesAnswer,
  'POST /switches': changeSwitches,
  'GET /faults': ({ world }) => jsonAnswer({ faults: world.faults.list() }),
  'POST /faults': addFault,
  'DELETE /faults': clearFaults,
  'DELETE /faults/:id': removeFault,
  'GET /calls': countCalls,
  'DELETE /calls': clearCalls,
};
