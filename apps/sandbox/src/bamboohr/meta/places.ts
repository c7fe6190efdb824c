import { jsonAnswer, type Answer } from '../../http/call.js';
import { PLACES, STATE_NAMES } from '../../world/places.js';
import { emptyError, problem } from '../answers.js';
import type { BambooCall, BambooHandler } from '../request.js';

const COUNTRIES = [
  { id: '1', name: 'United States', isoCode: 'US' },
  { id: '13', name: 'Australia', isoCode: 'AU' },
  { id: '82', name: 'Germany', isoCode: 'DE' },
  { id: '105', name: 'Ireland', isoCode: 'IE' },
  { id: '110', name: 'Japan', isoCode: 'JP' },
  { id: '222', name: 'United Kingdom', isoCode: 'GB' },
] as const;

/** GET /meta/countries/options */
export const countries: BambooHandler = () => jsonAnswer(COUNTRIES);

const PROVINCES = Object.entries(STATE_NAMES).map(([label, name], index) => {
  return { id: 37 + index, label, iso: `US-${label}`, name };
});

/** GET /meta/provinces/{countryId} */
export const provinces: BambooHandler = ({ params }) => {
  const country = COUNTRIES.find(({ id }) => id === params['id']);
  if (!country) return emptyError(400, 'Invalid country');
  const options =
    country.isoCode === 'US' ? [...PROVINCES].sort((one, other) => (one.label < other.label ? -1 : 1)) : [];
  return jsonAnswer({ options });
};

interface Location {
  readonly id: string;
  readonly label: string;
  readonly countryName: string;
  readonly state: string | null;
}

const locationsOf = ({ world }: BambooCall): Location[] =>
  world.company.lists.location.all().map(({ id, name }) => {
    const place = PLACES.find(({ location }) => location === name);
    return { id: String(id), label: name, countryName: place?.country ?? '', state: place?.state ?? null };
  });

const isExpandable = (name: string): boolean => name === 'state' || name === 'country';

const expansionsIn = ({ query }: BambooCall): readonly string[] | undefined => {
  const names = query
    .getAll('expand')
    .flatMap((text) => text.split(','))
    .filter((name) => name !== '');
  return names.every(isExpandable) ? names : undefined;
};

const locationOnWire = ({ id, label, countryName, state }: Location, expand: readonly string[]): object => {
  const country = COUNTRIES.find(({ name }) => name === countryName);
  const province = PROVINCES.find(({ label: code }) => code === state);
  const address = {
    address1: null,
    address2: null,
    city: label,
    stateId: province ? String(province.id) : null,
    ...(expand.includes('state') &&
      province && { state: { id: String(province.id), name: province.name, abbreviation: province.label } }),
    zipcode: null,
    countryId: country?.id ?? null,
    ...(expand.includes('country') && country && { country }),
    timezone: null,
    remoteLocation: false,
  };
  return { id, label, archived: false, manageable: true, address, createdAt: null, archivedAt: null };
};

const invalid = (call: BambooCall, field: string): Answer =>
  problem(call, 422, { code: 'INVALID_INPUT', detail: `Invalid ${field}`, fields: { [field]: 'is invalid' } });

const numberIn = ({ query }: BambooCall, name: string, normal: number, least: number): number | undefined => {
  const value = Number(query.get(name) ?? normal);
  return Number.isSafeInteger(value) && value >= least ? value : undefined;
};

/** `label eq 'Dublin'`, with ids too: the part of OData that a list of places needs. */
const matching = (filter: string, locations: readonly Location[]): readonly Location[] | undefined => {
  if (filter === '') return locations;
  const [, field, value = ''] = /^\s*(id|label)\s+eq\s+'((?:[^']|'')*)'\s*$/.exec(filter) ?? [];
  const wanted = value.replaceAll("''", "'");
  return field === undefined ? undefined : locations.filter((each) => each[field as 'id' | 'label'] === wanted);
};

/** GET /hris/org/locations: pages count from 0 here. */
export const listLocations: BambooHandler = (call) => {
  const page = numberIn(call, 'page', 0, 0);
  const pageSize = numberIn(call, 'pageSize', 500, 1);
  const expand = expansionsIn(call);
  const found = matching(call.query.get('filter') ?? '', locationsOf(call));
  if (page === undefined) return invalid(call, 'page');
  if (pageSize === undefined) return invalid(call, 'pageSize');
  if (!expand) return invalid(call, 'expand');
  if (!found) return invalid(call, 'filter');
  const totalPages = Math.ceil(found.length / pageSize);
  const href = (number: number) => ({ href: `/api/v1/hris/org/locations?page=${number}&pageSize=${pageSize}` });
  const links = { ...(page + 1 < totalPages && { next: href(page + 1) }), ...(page > 0 && { prev: href(page - 1) }) };
  const rows = found.slice(page * pageSize, (page + 1) * pageSize);
  return jsonAnswer({
    data: rows.map((location) => locationOnWire(location, expand)),
    meta: { page, pageSize, totalPages, totalItems: found.length },
    _links: links,
  });
};

/** GET /hris/org/locations/{id} */
export const getLocation: BambooHandler = (call) => {
  const location = locationsOf(call).find(({ id }) => id === call.params['id']);
  if (!location) return problem(call, 404, { code: 'LOCATION_NOT_FOUND', detail: 'The location does not exist' });
  const expand = expansionsIn(call);
  return expand ? jsonAnswer(locationOnWire(location, expand)) : invalid(call, 'expand');
};
