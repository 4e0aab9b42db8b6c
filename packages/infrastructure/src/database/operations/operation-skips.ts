/**
 * Why an operation skips a member, in SQL. The plan counts with it, and feeding decides with it. `d` is the delivery
 * that the member comes from, `t` its destination, `v` its visitor.
 */
interface SkipSql {
  /** The tables that `reason` reads, beside `d`. */
  joins: string
  /** One of the skip reasons; null for a member that is not skipped. */
  reason: string
}

const unfinishedCase = `when d.state in ('queued', 'delivering', 'retrying') then 'unfinished'`
const destinationCases = `
      when t.state = 'disabled' then 'destination_disabled'
      when t.state = 'paused' then 'destination_paused'`
/** The delivery has no URL of its own. */
const hasNoUrl = 'coalesce(d.receiver_url, d.receiver_url_sealed::text) is null'

/** @param includeRecovered SQL: whether recovered members are sent too */
const recoveredCase = (includeRecovered: string): string =>
  `when d.recovered_by is not null and not ${includeRecovered}::boolean then 'recovered'`

/** A cancellation ends what waits, and leaves alone what a worker is sending. */
export const cancelSkips: SkipSql = {
  joins: '',
  reason: `
    case
      when d.state = 'delivering' then 'being_sent'
      when d.state not in ('queued', 'retrying') then 'not_waiting'
    end`,
}

/** A resend sends the stored bytes to where they went before. */
export const resendSkips = (includeRecovered: string): SkipSql => ({
  joins: `
    left join destinations t on t.id = d.destination_id
    left join payloads p on p.delivery_id = d.id`,
  reason: `
    case
      ${unfinishedCase}
      ${recoveredCase(includeRecovered)}
      when t.id is null and ${hasNoUrl} then 'destination_gone'
      ${destinationCases}
      when p.delivery_id is null then 'payload_gone'
    end`,
})

/**
 * An export sends fresh data to where the source delivery went, or to another destination.
 * @param otherDestinationId SQL of the destination's id, or of null
 * @param siteId SQL of the site's id
 * @param includeRecovered SQL: whether recovered members are sent too
 * @param visitorId SQL of the visitor's id
 */
export function exportSkips(
  otherDestinationId: string,
  siteId: string,
  includeRecovered: string,
  visitorId = 'd.visitor_id',
): SkipSql {
  const destinationId = `coalesce(${otherDestinationId}::uuid, d.destination_id)`
  return {
    joins: `
    left join visitors v on v.id = ${visitorId}
    left join destinations t on t.id = ${destinationId} and t.site_id = ${siteId}`,
    reason: `
    case
      ${unfinishedCase}
      ${recoveredCase(includeRecovered)}
      when v.id is null then 'visitor_gone'
      when t.id is null and (${destinationId} is not null or ${hasNoUrl}) then 'destination_gone'
      ${destinationCases}
    end`,
  }
}
