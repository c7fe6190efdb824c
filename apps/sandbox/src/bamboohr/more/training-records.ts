import { jsonAnswer } from '../../http/call.js';
import type { TrainingRecord } from '../../world/trainings.js';
import { done, emptyError } from '../answers.js';
import {
  employeeInPath,
  isAnswer,
  isDay,
  isObject,
  isVisible,
  jsonObjectIn,
  numberFrom,
  type BambooCall,
  type BambooHandler,
  type JsonObject,
} from '../request.js';

/** @param type a number in the answer to a new record, a text everywhere else */
const recordOnWire = (record: TrainingRecord, type: string | number): object => ({
  id: String(record.id),
  employeeId: String(record.employeeId),
  completed: record.completed,
  notes: record.notes,
  instructor: record.instructor,
  credits: record.credits,
  hours: record.hours,
  cost: record.cost,
  type,
});

const textOf = (value: unknown): string | null =>
  typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null;

const costOf = (value: unknown): string =>
  isObject(value) ? `${textOf(value['amount']) ?? '0.00'} ${textOf(value['currency']) ?? 'USD'}` : '';

type Details = Omit<TrainingRecord, 'id' | 'employeeId' | 'type'>;

const detailsIn = (body: JsonObject): Details | undefined => {
  const completed = textOf(body['completed']);
  if (completed === null || !isDay(completed)) return undefined;
  return {
    completed,
    notes: textOf(body['notes']),
    instructor: textOf(body['instructor']),
    credits: textOf(body['credits']),
    hours: textOf(body['hours']),
    cost: costOf(body['cost']),
  };
};

const NO_DAY = emptyError(400, 'completed is required, as YYYY-MM-DD');
const NO_RECORD = emptyError(404, 'Training record not found');

/** GET /training/record/employee/{id}: an object by record, or an empty list. */
export const listTrainingRecords: BambooHandler = (call) => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  const type = call.query.get('type');
  const all = call.world.trainings.recordsOf(employee.id);
  const records = type === null ? all : all.filter((record) => String(record.type) === type);
  if (records.length === 0) return jsonAnswer([]);
  return jsonAnswer(
    Object.fromEntries(records.map((record) => [record.id, recordOnWire(record, String(record.type))])),
  );
};

/** POST /training/record/employee/{id}: the same twice makes two. */
export const createTrainingRecord: BambooHandler = (call) => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  const body = jsonObjectIn(call);
  const { trainings } = call.world;
  const type = trainings.types.get(numberFrom(body?.['type']));
  if (!body || !type) return emptyError(400, 'type is required');
  const details = detailsIn(body);
  if (!details) return NO_DAY;
  const record = trainings.addRecord({ ...details, employeeId: employee.id, type: type.id });
  return jsonAnswer(recordOnWire(record, record.type), 201);
};

const recordInPath = (call: BambooCall): TrainingRecord | undefined => {
  const { params, world } = call;
  const record = /^\d{1,15}$/.test(params['id'] ?? '') ? world.trainings.records.get(Number(params['id'])) : undefined;
  const employee = record && world.company.find(record.employeeId);
  return employee && isVisible(call, employee) ? record : undefined;
};

/** PUT /training/record/{id}: answered with 201. */
export const updateTrainingRecord: BambooHandler = (call) => {
  const record = recordInPath(call);
  if (!record) return NO_RECORD;
  const details = detailsIn(jsonObjectIn(call) ?? {});
  if (!details) return NO_DAY;
  return jsonAnswer(recordOnWire(Object.assign(record, details), String(record.type)), 201);
};

export const deleteTrainingRecord: BambooHandler = (call) => {
  const record = recordInPath(call);
  if (!record) return NO_RECORD;
  call.world.trainings.records.delete(record.id);
  return done();
};
