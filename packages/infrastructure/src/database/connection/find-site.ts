import type { Database } from './open-database.ts'

/** The site a delivery belongs to; null when there is no such delivery. */
export function siteOfDelivery(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from deliveries where id = $1', id)
}

/** The site a destination belongs to; null when there is no such destination. */
export function siteOfDestination(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from destinations where id = $1', id)
}

/** The site an operation belongs to; null when there is no such operation. */
export function siteOfOperation(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from operations where id = $1', id)
}

/** The site an alert rule belongs to; null when there is no such rule. */
export function siteOfAlertRule(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from alert_rules where id = $1', id)
}

async function querySite({ pool }: Database, sql: string, id: string): Promise<number | null> {
  const { rows } = await pool.query<{ site_id: number }>(sql, [id])
  return rows[0]?.site_id ?? null
}
