import { isFieldName, parseDay } from '@portico/access-policy';
import { EMPLOYEE_ID, SLUG } from '@portico/contracts';
import { isPlain, listOf, mapOf, object, oneOf, text, when, wrong, type Shape } from '../realm/shapes.js';

const day = when((value) => typeof value === 'string' && parseDay(value) !== undefined, 'must be a day, YYYY-MM-DD');
const field = when((value) => isFieldName(String(value)), 'must name a BambooHR field, such as department');
const portals = listOf(
  when((value) => typeof value === 'string' && SLUG.test(value), 'must be the name of a portal'),
  'must list portals',
  { min: 1, max: 200 },
);

const example = object(
  {
    'name?': text('must be a text'),
    'employee?': when(
      (value) => EMPLOYEE_ID.test(String(value)) && ['string', 'number'].includes(typeof value),
      "must be BambooHR's employee id",
    ),
    'facts?': mapOf(
      field,
      when((value) => typeof value === 'string', 'must be a text: put it in quotes'),
      'must map BambooHR fields to their values',
    ),
    'employment?': oneOf(['expected', 'employed', 'left', 'unknown']),
    'hireDate?': day,
    'lastDay?': day,
    'day?': day,
    'in?': portals,
    'notIn?': portals,
  },
  'must be { employee: … or facts: …, in: […], notIn: […] }',
);

const oneExample: Shape = (value) => {
  if (!isPlain(value)) return example(value);
  const isOne = (value['employee'] === undefined) !== (value['facts'] === undefined);
  const says = value['in'] !== undefined || value['notIn'] !== undefined;
  return [
    ...example(value),
    ...(isOne ? [] : wrong('must have employee or facts')),
    ...(says ? [] : wrong('must say in or notIn')),
  ];
};

export const examplesShape = listOf(oneExample, 'must list examples', { max: 500 });

interface WithExamples {
  readonly learnupon?: { readonly portals?: unknown };
  readonly examples?: unknown;
}

/** Portals that an example names and the realm does not have. */
export const exampleFaults = ({ learnupon, examples }: WithExamples): { path: string; message: string }[] => {
  if (!Array.isArray(examples) || !Array.isArray(learnupon?.portals)) return [];
  const names = learnupon.portals.flatMap((portal: unknown) =>
    isPlain(portal) && typeof portal['portal'] === 'string' ? [portal['portal']] : [],
  );
  return examples.flatMap((one: unknown, index) =>
    ['in', 'notIn'].flatMap((key) => {
      const named = isPlain(one) ? one[key] : undefined;
      const missing = Array.isArray(named)
        ? named.filter((portal: unknown) => typeof portal === 'string' && !names.includes(portal))
        : [];
      return missing.map((portal) => ({
        path: `examples.${index}.${key}`,
        message: `there is no portal "${String(portal)}": take one of ${names.join(', ')}`,
      }));
    }),
  );
};
