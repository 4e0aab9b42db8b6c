// Sub-selects of the claim: `c` is the claimed delivery, `t` its saved destination. The `case` and the order make the
// planner look the visitor's deliveries up by the visitor, whatever its statistics.

/** The record that the newest export of a visitor to a saved destination wrote. */
export const earlierRecordSql = `
      select r.record
      from deliveries e
      cross join lateral (
        select a.record
        from attempts a
        where a.delivery_id = e.id
          and a.record is not null
        order by a.number desc
        limit 1
      ) r
      where e.visitor_id >= c.visitor_id
        and e.visitor_id <= c.visitor_id
        and case when not e.sample then e.destination_id = c.destination_id end
      order by
        e.visitor_id,
        e.id desc
      limit 1`

/**
 * The newest payload of a visitor that a saved destination accepted. A change of the destination may be one of the
 * account that it writes to, so earlier payloads do not count.
 */
export const acceptedPayloadSql = `
      select p.body
      from deliveries e
      cross join lateral (
        select body
        from payloads
        where delivery_id = e.id
        limit 1
      ) p
      where e.visitor_id = c.visitor_id
        and case
          when e.destination_id = c.destination_id and e.state = 'delivered' and not e.sample
            then e.delivered_at > t.updated_at
        end
      order by e.delivered_at desc
      limit 1`
