/**
 * SQL that bounds a join by the keys of its other side. A plan that was made while a table was empty may join by
 * reading an index from end to end. With this condition beside the join's own one, every way to read the table reads
 * only rows with these keys.
 * @param column an indexed column of the table
 * @param keys a query of one column, which does not refer to the surrounding statement's rows
 */
export function boundedBy(column: string, keys: string): string {
  return `${column} = any(array(${keys}))`
}

/**
 * SQL that finds the row with this key, from its condition to its limit. With `=` alone the planner may choose any
 * index that has the column, also as its last one: in an empty table each costs the same. As a range, and in its
 * order, only the index that begins with the columns before it and this one comes without a sort.
 * @param column the column by which no other index is ordered
 * @param others the key's other columns and their values
 */
export function byKey(column: string, value: string, others: readonly [string, string][] = []): string {
  const equal = others.map(([name, other]) => `${name} = ${other}\n      and `).join('')
  return `where ${equal}${column} >= ${value}
      and ${column} <= ${value}
    order by ${column}
    limit 1`
}
