/**
 * Why a member of an operation is skipped, in SQL: the plan counts by it, and the feeding decides by it. `d` is the delivery
 * it is made from, `t` the destination it goes to, `v` the visitor.
 */
interface SkipSql {
  /** What the reason looks at, beside `d`. */
  joins: string
  /** One of the skip reasons; null where it is not skipped. */
  reason: string
}

const unfinishedCase = `when d.state in ('queued', 'delivering', 'retrying') then 'unfinished'`
const pausedCases = `when t.state = 'disabled' then 'destination_disabled' when t.state = 'paused' then 'destination_paused'`

/** The stored bytes go to where they went. */
export const resendSkips: SkipSql = {
  joins: `left join destinations t on t.id = d.destination_id left join payloads p on p.delivery_id = d.id`,
  reason: `case ${unfinishedCase} when coalesce(d.receiver_url, d.receiver_url_sealed::text) is null and t.id is null then 'destination_gone' ${pausedCases}
    when p.delivery_id is null then 'payload_gone' end`,
}

/**
 * Fresh data goes to where the delivery went, or elsewhere.
 * @param otherDestinationId SQL of the destination's id, or of null
 * @param siteId SQL of the site's id
 * @param visitorId SQL of the visitor's id
 */
export function exportSkips(otherDestinationId: string, siteId: string, visitorId = 'd.visitor_id'): SkipSql {
  const destinationSql = `coalesce(${otherDestinationId}::uuid, d.destination_id)`
  return {
    joins: `left join visitors v on v.id = ${visitorId} left join destinations t on t.id = ${destinationSql} and t.site_id = ${siteId}`,
    reason: `case ${unfinishedCase} when v.id is null then 'visitor_gone'
      when t.id is null and (${destinationSql} is not null or coalesce(d.receiver_url, d.receiver_url_sealed::text) is null) then 'destination_gone' ${pausedCases} end`,
  }
}
