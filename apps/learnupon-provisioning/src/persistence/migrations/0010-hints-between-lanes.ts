import { Migration } from '@mikro-orm/migrations';

/**
 * What one lane's work means for cells of another. Nobody but the lane whose cells they are takes them out, and nobody waits
 * to put one in: there is no key that two would meet on. Without an employee it is meant for all who wait.
 */
export class HintsBetweenLanes extends Migration {
  override name = '0010-hints-between-lanes';

  override up(): void {
    this.addSql(`
      create table cell_hint (
        tenant text not null,
        portal text not null,
        id bigint generated always as identity,
        employee_id text,
        primary key (tenant, portal, id)
      )`);
    this.addSql(`create index cell_without_licence on cell (tenant, portal) where reason = 'licences-full'`);
  }
}
