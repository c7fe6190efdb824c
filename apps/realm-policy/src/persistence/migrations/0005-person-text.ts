import { Migration } from '@mikro-orm/migrations';

/** The names and addresses in some facts, each in a line of its own, in small letters. */
const TEXT = `
  lower(concat(
    E'\\n', concat_ws(' ', facts->'fields'->>'firstName', facts->'fields'->>'lastName'), E'\\n',
    facts->'fields'->>'preferredName' || ' ' || (facts->'fields'->>'lastName') || E'\\n',
    (select string_agg(value || E'\\n', '') from jsonb_each_text(facts->'fields') where value like '%@%')
  ))`;

const save = (from: string): string => `
  insert into person_text (tenant, employee_id, revision, text)
  select distinct on (tenant, employee_id) tenant, employee_id, revision, ${TEXT}
  from ${from} order by tenant, employee_id, revision desc
  on conflict (tenant, employee_id) do update set revision = excluded.revision, text = excluded.text
    where person_text.revision < excluded.revision`;

/**
 * By what people are looked for, in rows that are small enough to look at all of a tenant. The database keeps them, so
 * that they are right whichever version of the service saves a revision.
 */
export class PersonText extends Migration {
  override name = '0005-person-text';

  override up(): void {
    this.addSql(`
      create table person_text (
        tenant text not null,
        employee_id text not null,
        revision bigint not null,
        text text not null,
        primary key (tenant, employee_id)
      )`);
    this.addSql(`
      create function save_person_text() returns trigger language plpgsql as $$
      begin ${save('added')};
        return null;
      end $$`);
    this.addSql(`
      create trigger person_text after insert on employee_revision
      referencing new table as added for each statement execute function save_person_text()`);
    this.addSql(save('employee_revision'));
  }
}
