import type { KnownField } from '@portico/contracts';
import type { Sql } from '@portico/messaging';

/** The fields of a tenant's account, and of which account. */
export interface FieldCatalogue {
  readonly company: string;
  readonly baseUrl: string | null;
  readonly readAt: string;
  readonly fields: readonly KnownField[];
}

export const saveCatalogue = async (sql: Sql, tenant: string, catalogue: FieldCatalogue): Promise<void> => {
  await sql(
    `insert into field_catalogue (tenant, company, base_url, read_at, fields) values ($1, $2, $3, $4, $5::jsonb)
     on conflict (tenant) do update set company = excluded.company, base_url = excluded.base_url,
       read_at = excluded.read_at, fields = excluded.fields`,
    [tenant, catalogue.company, catalogue.baseUrl, catalogue.readAt, JSON.stringify(catalogue.fields)],
  );
};

export const loadCatalogue = async (sql: Sql, tenant: string): Promise<FieldCatalogue | undefined> => {
  const [row] = await sql<Omit<FieldCatalogue, 'readAt'> & { readonly readAt: Date }>(
    `select company, base_url as "baseUrl", read_at as "readAt", fields from field_catalogue where tenant = $1`,
    [tenant],
  );
  return row && { ...row, readAt: new Date(row.readAt).toISOString() };
};
