import { Migration } from '@mikro-orm/migrations';
import { subjectMoveTableSql } from '@portico/messaging';

/** When a person was first recorded, the fields of each tenant's account, and pools that a tenant left. */
export class DateAddedAndFields extends Migration {
  override name = '0002-date-added-and-fields';

  override up(): void {
    this.addSql(`
      update employee set event = employee.event || jsonb_build_object('addedAt', first.event ->> 'recordedAt')
      from (
        select distinct on (tenant, employee_id) tenant, employee_id, event
        from employee_history order by tenant, employee_id, revision
      ) first
      where first.tenant = employee.tenant and first.employee_id = employee.employee_id`);
    this.addSql(`
      create table field_catalogue (
        tenant text primary key,
        company text not null,
        base_url text,
        read_at timestamptz not null,
        fields jsonb not null
      )`);
    this.addSql(subjectMoveTableSql());
  }
}
