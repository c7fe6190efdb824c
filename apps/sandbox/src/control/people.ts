import { jsonAnswer } from '../http/call.js';
import type { Company, Details, JobDetails } from '../world/company.js';
import { employmentOn, isActive, jobOn, lastTermination, type Employee } from '../world/employee.js';
import { drawJob, drawName, type Newcomer } from '../world/generate-company.js';
import type { Name } from '../world/names.js';
import type { World } from '../world/world.js';
import { BadRequest, dayIn, onlyKeys, textIn, textOrNullIn, type ControlCall, type ControlHandler } from './answers.js';

/** A person as this API shows them: with the rows in force today, and the dates. */
export const personOnWire = (company: Company, employee: Employee): object => {
  const today = company.today();
  const job = jobOn(employee, today);
  const employment = employmentOn(employee, today);
  const end = lastTermination(employee);
  const { id, firstName, lastName, preferredName, workEmail, homeEmail, employeeNumber, hireDate, custom } = employee;
  return {
    id: String(id),
    firstName,
    lastName,
    preferredName,
    workEmail,
    homeEmail,
    employeeNumber,
    hireDate,
    department: job?.department ?? null,
    division: job?.division ?? null,
    location: job?.location ?? null,
    jobTitle: job?.jobTitle ?? null,
    managerId: job?.managerId?.toString() ?? null,
    status: isActive(employment) ? 'Active' : 'Inactive',
    employmentStatus: employment?.status ?? null,
    terminationDate: end && !end.undone ? end.date : null,
    custom,
  };
};

const idOf = ({ params }: ControlCall): number => {
  const id = Number(params['id']);
  if (!Number.isInteger(id)) throw new BadRequest('the employee id is a number');
  return id;
};

const answerPerson = (call: ControlCall, employee: Employee, status = 200): ReturnType<ControlHandler> =>
  jsonAnswer(personOnWire(call.world.company, employee), status);

const NAME_KEYS = [
  'firstName',
  'middleName',
  'lastName',
  'preferredName',
  'workEmail',
  'homeEmail',
  'employeeNumber',
] as const;
const JOB_KEYS = ['department', 'division', 'location', 'jobTitle', 'managerId'] as const;

const withoutUndefined = <T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

const REQUIRED = ['firstName', 'lastName'];

const detailsIn = ({ body }: ControlCall): Details => {
  for (const key of REQUIRED)
    if (body[key] === null || body[key] === '') throw new BadRequest(`"${key}" can't be empty`);
  const details = Object.fromEntries(NAME_KEYS.map((key) => [key, textOrNullIn(body, key)]));
  return withoutUndefined(details) as Details;
};

const jobIn = ({ body }: ControlCall): JobDetails => {
  const { managerId, ...texts } = Object.fromEntries(
    JOB_KEYS.map((key) => [
      key,
      key === 'managerId' && typeof body[key] === 'number' ? String(body[key]) : textOrNullIn(body, key),
    ]),
  );
  const manager = managerId === undefined ? {} : { managerId: managerId === null ? null : Number(managerId) };
  return { ...withoutUndefined(texts), ...manager } as JobDetails;
};

const customIn = ({ body }: ControlCall): Record<string, string | null> => {
  const custom = body['custom'] ?? {};
  if (typeof custom !== 'object' || Array.isArray(custom))
    throw new BadRequest('"custom" is an object of alias and text');
  const texts = custom as Record<string, unknown>;
  return withoutUndefined(
    Object.fromEntries(Object.keys(texts).map((key) => [key, textOrNullIn(texts, key)])),
  ) as Record<string, string | null>;
};

const asciiName = (name: string): Name => [
  name,
  name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase() || 'person',
];

const drawFreeAddress = ({ addresses, company }: World, newcomer: Newcomer): string => {
  let address = addresses.draw(newcomer);
  while (company.ownerOfWorkEmail(address) !== undefined) address = addresses.draw(newcomer);
  return address;
};

/** Somebody new, made up where the body says nothing. */
const hire: ControlHandler = (call) => {
  const { world, body } = call;
  onlyKeys(body, [...NAME_KEYS, ...JOB_KEYS, 'hireDate', 'employmentStatus', 'custom']);
  const { workEmail, ...details } = detailsIn(call);
  const drawn = drawName(world.random);
  const first = details.firstName === undefined ? drawn.first : asciiName(details.firstName);
  const last = details.lastName === undefined ? drawn.last : asciiName(details.lastName);
  const { place, department, jobTitle } = drawJob(world.random);
  const employee = world.company.hire(
    {
      country: place.country,
      state: place.state,
      ...details,
      firstName: first[0],
      lastName: last[0],
      workEmail: workEmail === undefined ? drawFreeAddress(world, { ...drawn, first, last }) : workEmail,
      custom: customIn(call),
    },
    { location: place.location, division: place.division, department, jobTitle, ...jobIn(call) },
    // Records made through BambooHR's API often have no hire date, and no rows then.
    body['hireDate'] === null ? null : (dayIn(body, 'hireDate') ?? world.company.today()),
    textIn(body, 'employmentStatus') ?? 'Full-Time',
  );
  return answerPerson(call, employee, 201);
};

/** Names, e-mail addresses, employee number and custom fields: what has no date. */
const rename: ControlHandler = (call) => {
  onlyKeys(call.body, [...NAME_KEYS, 'custom']);
  const details = detailsIn(call);
  const custom = customIn(call);
  if (Object.keys(details).length + Object.keys(custom).length === 0)
    throw new BadRequest(`give one of: ${NAME_KEYS.join(', ')}, custom`);
  return answerPerson(call, call.world.company.change(idOf(call), { ...details, custom }));
};

const move: ControlHandler = (call) => {
  onlyKeys(call.body, [...JOB_KEYS, 'date']);
  const job = jobIn(call);
  if (Object.keys(job).length === 0) throw new BadRequest(`give one of: ${JOB_KEYS.join(', ')}`);
  return answerPerson(call, call.world.company.move(idOf(call), job, dayIn(call.body, 'date')));
};

const terminate: ControlHandler = (call) => {
  onlyKeys(call.body, ['date', 'type']);
  const { company } = call.world;
  return answerPerson(call, company.terminate(idOf(call), dayIn(call.body, 'date'), textIn(call.body, 'type')));
};

const rehire: ControlHandler = (call) => {
  onlyKeys(call.body, [...JOB_KEYS, 'date', 'employmentStatus']);
  const { company } = call.world;
  const status = textIn(call.body, 'employmentStatus');
  return answerPerson(call, company.rehire(idOf(call), dayIn(call.body, 'date'), jobIn(call), status));
};

const remove: ControlHandler = (call) => {
  call.world.company.remove(idOf(call));
  return jsonAnswer({ deleted: String(idOf(call)) });
};

const MOST_PEOPLE = 1_000;

/** Those whose name or work e-mail has what `?q=` says; `?offset=` and `?limit=` of them, and how many there are. */
export const searchPeople = ({ world: { company }, query }: ControlCall): { total: number; found: Employee[] } => {
  const wanted = query.get('q')?.toLowerCase() ?? '';
  const matches = ({ firstName, lastName, workEmail }: Employee): boolean =>
    wanted === '' || `${firstName} ${lastName} ${workEmail ?? ''}`.toLowerCase().includes(wanted);
  const people = [...company.all()].filter(matches);
  const offset = Math.max(0, Number(query.get('offset') ?? 0) || 0);
  const limit = Math.max(0, Number(query.get('limit') ?? MOST_PEOPLE) || 0);
  return { total: people.length, found: people.slice(offset, offset + limit) };
};

const listPeople: ControlHandler = (call) => {
  const { total, found } = searchPeople(call);
  return jsonAnswer({ total, people: found.map((employee) => personOnWire(call.world.company, employee)) });
};

export const peopleRoutes: Readonly<Record<string, ControlHandler>> = {
  'POST /hire': hire,
  'GET /people': listPeople,
  'GET /people/:id': (call) => answerPerson(call, call.world.company.get(idOf(call))),
  'DELETE /people/:id': remove,
  'POST /people/:id/rename': rename,
  'POST /people/:id/move': move,
  'POST /people/:id/terminate': terminate,
  'POST /people/:id/rehire': rehire,
};
