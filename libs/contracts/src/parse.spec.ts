import { AccessDecidedV1, EmployeeChangedV1, InvalidContractError, parseContract } from './index.js';
import { samples } from './samples.js';

describe(parseContract, () => {
  it.each(samples)('accepts the sample of $type.name', ({ type, sample }) => {
    expect(JSON.parse(JSON.stringify(parseContract<object>(type, sample)))).toEqual(sample);
  });

  it('drops fields and maps enum values of a newer sender', () => {
    const sample = samples.find(({ type }) => type === AccessDecidedV1)?.sample as unknown as AccessDecidedV1;
    const future = {
      ...sample,
      quantumState: { up: 1 },
      cause: { ...sample.cause, kind: 'telepathy', strength: 3 },
      portals: sample.portals.map((portal) => ({
        ...portal,
        reason: 'because-of-2031',
        access: 'superposed',
        aura: 'blue',
      })),
    };
    const parsed = parseContract(AccessDecidedV1, future);
    expect(parsed).not.toHaveProperty('quantumState');
    expect(parsed.cause).toMatchObject({ kind: 'other' });
    expect(parsed.cause).not.toHaveProperty('strength');
    expect(parsed.portals[0]).toMatchObject({ reason: 'other', access: 'undecided' });
    expect(parsed.portals[0]).not.toHaveProperty('aura');
  });

  it('lists all faults at once and none of the values', () => {
    const sample = samples.find(({ type }) => type === EmployeeChangedV1)?.sample as object;
    const parse = () =>
      parseContract(EmployeeChangedV1, {
        ...sample,
        tenant: 'Ada Moss!',
        revision: -1,
        cause: { kind: 'read', id: 'r', totals: { joiners: -1, movers: 0, leavers: 0 } },
      });
    expect(parse).toThrow(InvalidContractError);
    expect(parse).toThrow(/tenant must match .*revision must not be less than 1.*cause\.totals\.joiners/s);
    expect(parse).not.toThrow(/Ada Moss/);
  });

  const required = samples.flatMap(({ type, sample }) =>
    Object.keys(sample).map((property) => ({ type, sample, property, name: type.name })),
  );
  const optional = ['LearnerEventV1.accountId', 'LearnerEventV1.cause', 'OperationEventV1.details'];
  optional.push('DeadLetterV1.eventId', 'EmployeeChangedV1.overtook');

  it.each(required)('refuses $name without $property, where it is required', ({ type, sample, property, name }) => {
    const parse = () => parseContract<object>(type, { ...sample, [property]: undefined });
    if (optional.includes(`${name}.${property}`)) expect(parse).not.toThrow();
    else expect(parse).toThrow(new RegExp(property));
  });

  it.each([null, undefined, 3, 'text', [], Object.create(null) as object])('refuses %p', (value) => {
    expect(() => parseContract(EmployeeChangedV1, value)).toThrow(InvalidContractError);
  });
});
