// Sub-selects of the claim: `c` is the claimed delivery, `t` its saved destination.

/** The record that the newest export of a visitor to a saved destination wrote. */
export const earlierRecordSql = `
      select a.record
      from deliveries e
      join attempts a on a.delivery_id = e.id
      where e.visitor_id = c.visitor_id
        and e.destination_id = c.destination_id
        and not e.sample
        and a.record is not null
      order by
        e.id desc,
        a.number desc
      limit 1`

/**
 * The newest payload of a visitor that a saved destination accepted. A change of the destination may be one of the
 * account that it writes to, so earlier payloads do not count.
 */
export const acceptedPayloadSql = `
      select p.body
      from deliveries e
      join payloads p on p.delivery_id = e.id
      where e.visitor_id = c.visitor_id
        and e.destination_id = c.destination_id
        and e.state = 'delivered'
        and e.delivered_at > t.updated_at
        and not e.sample
      order by
        e.delivered_at desc
      limit 1`
