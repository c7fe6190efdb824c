import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { NAME_FIELDS } from '@portico/access-policy';
import type { Caller, FindPeopleAnswer, FindPeopleRequest, FoundPerson } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError } from '@portico/messaging';
import { RealmEntity } from '../persistence/entities.js';
import type { RealmDocument } from '../realm/realm-document.js';

const MOST = 20;

/** Who somebody is, by what people write of them. */
@Injectable()
export class FindPeople {
  constructor(private readonly orm: MikroORM) {}

  async find({ tenant }: Caller, { text }: FindPeopleRequest): Promise<FindPeopleAnswer> {
    const wanted = typeof text === 'string' ? text.trim() : '';
    if (wanted === '' || wanted.length > 200) {
      throw new QuestionError('invalid', 'text must be an employee id, an e-mail address or a name');
    }
    const em = this.orm.em.fork();
    const realm = await em.findOne(RealmEntity, { tenant });
    const emails = realm?.document ? emailFields(realm.document) : ['workEmail'];
    const { firstName, lastName, preferredName } = NAME_FIELDS;
    // An id is looked up by its key; only what is none is looked for in everybody's names and addresses.
    const [byId] = await sqlOf(em)<FoundPerson>(`${FOUND} and access.employee_id = $8`, [
      tenant,
      emails,
      firstName,
      lastName,
      preferredName,
      wanted.toLowerCase(),
      likeOf(wanted),
      wanted,
    ]);
    if (byId) return { people: [{ ...byId, match: 'id' }] };
    const people = await sqlOf(em)<FoundPerson>(
      `select * from (${FOUND} and access.employee_id in (${CANDIDATES})) as person where match is not null
       order by array_position(array['email', 'name', 'part'], match), length("employeeId"), "employeeId" limit $8`,
      [tenant, emails, firstName, lastName, preferredName, wanted.toLowerCase(), likeOf(wanted), MOST],
    );
    return { people };
  }
}

const emailFields = ({ learnupon }: RealmDocument): string[] => [
  ...new Set([
    'workEmail',
    ...(learnupon.defaults?.email ?? []),
    ...learnupon.portals.flatMap(({ email }) => email ?? []),
  ]),
];

const likeOf = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/** More than there are people with one boss, whose address may be in a field of theirs. */
const MOST_CANDIDATES = 2_000;

/** Rows that are small; who has it as a whole name or address first. */
const CANDIDATES = `
  select employee_id from person_text
  where tenant = $1 and text like $7
  order by position(E'\\n' || $6 || E'\\n' in text) > 0 desc, length(employee_id), employee_id
  limit ${MOST_CANDIDATES}`;

const FOUND = `
  select access.employee_id as "employeeId", name.full as name, mail.first as email,
    case
      when mail.is_one then 'email'
      when lower(name.full) = $6 or lower(name.preferred) = $6 then 'name'
      when lower(name.full) like $7 or lower(name.preferred) like $7 or mail.is_like then 'part'
    end as match
  from access
  join employee_revision as record on record.tenant = access.tenant and record.employee_id = access.employee_id
    and record.revision = access.employee_revision
  cross join lateral (
    select concat_ws(' ', record.facts->'fields'->>$3, record.facts->'fields'->>$4) as full,
      record.facts->'fields'->>$5 || ' ' || (record.facts->'fields'->>$4) as preferred
  ) as name
  cross join lateral (
    select min(record.facts->'fields'->>field) as first, bool_or(lower(record.facts->'fields'->>field) = $6) as is_one,
      bool_or(lower(record.facts->'fields'->>field) like $7) as is_like
    from unnest($2::text[]) as field
  ) as mail
  where access.tenant = $1`;
