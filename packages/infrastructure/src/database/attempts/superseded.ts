import { typesWith } from '@ghostpost/delivery/destinations'

/** SQL: the types that store one record per visitor, as a list. */
export const oneRecordTypes = typesWith(({ oneRecordPerVisitor }) => oneRecordPerVisitor)
  .map((type) => `'${type}'`)
  .join(', ')

/**
 * SQL: whether a newer snapshot of the same visitor has been delivered to the same place. A CRM has one record per
 * visitor, so an older snapshot must not overwrite a newer one. One that was delivered and is being sent again counts:
 * its state no longer says that it was delivered, and its attempts do. The `case` makes the planner look the visitor's
 * deliveries up by the visitor, whatever its statistics.
 * @param delivery name of the delivery's table or alias
 * @param builtAt SQL of the time at which the payload was built; null before the first build
 */
export function supersededSql(delivery: string, builtAt: string): string {
  return `${delivery}.webhook_type in (${oneRecordTypes})
    and ${builtAt} is not null
    and exists (
      select from deliveries n
      where n.visitor_id = ${delivery}.visitor_id
        and case
          when n.id <> ${delivery}.id
            and not n.sample
            and n.webhook_type = ${delivery}.webhook_type
            and n.receiver_host = ${delivery}.receiver_host
            and n.destination_id is not distinct from ${delivery}.destination_id
          then
            (
              n.state = 'delivered'
              or coalesce(
                (select true from attempts na where na.delivery_id = n.id and na.decision = 'delivered' limit 1),
                false
              )
            )
            and (select np.built_at from payloads np where np.delivery_id = n.id) > ${builtAt}
        end
    )`
}
