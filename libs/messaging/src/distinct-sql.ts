/** Each value of a column once: walks from one to the next along the index, however many rows have it. */
export const distinctSql = (table: string, column: string, condition = 'true'): string => `
  with recursive step(value) as (
    (select ${column} from ${table} where ${condition} order by ${column} limit 1)
    union all
    select (select ${column} from ${table} where ${condition} and ${column} > step.value order by ${column} limit 1)
    from step where step.value is not null
  )
  select value from step where value is not null`;
