import type { Database } from './open-database.ts'

interface SiteRow {
  site_id: number
}

/** The site of a delivery; null when there is no such delivery. */
export function siteOfDelivery(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from deliveries where id = $1', id)
}

/** The site of a destination; null when there is no such destination. */
export function siteOfDestination(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from destinations where id = $1', id)
}

/** The site of an operation; null when there is no such operation. */
export function siteOfOperation(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from operations where id = $1', id)
}

/** The site of an alert rule; null when there is no such rule. */
export function siteOfAlertRule(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from alert_rules where id = $1', id)
}

/** The site of an API key; null when there is no such key. */
export function siteOfApiKey(database: Database, id: string): Promise<number | null> {
  return querySite(database, 'select site_id from api_keys where id = $1', id)
}

async function querySite({ pool }: Database, sql: string, id: string): Promise<number | null> {
  const { rows } = await pool.query<SiteRow>(sql, [id])
  return rows[0]?.site_id ?? null
}
