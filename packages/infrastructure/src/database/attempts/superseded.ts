import { typesWith } from '@ghostpost/delivery/destinations'

const oneRecordTypes = typesWith(({ oneRecordPerVisitor }) => oneRecordPerVisitor)
  .map((type) => `'${type}'`)
  .join(', ')

/**
 * A CRM keeps one record per visitor: an older snapshot must not overwrite a newer one that was delivered. SQL of whether
 * there is one for a delivery to a CRM: of the same visitor, delivered to the same place, built later.
 * @param delivery names the delivery
 * @param builtAt when its bytes were built; null where they were not yet
 */
export function supersededSql(delivery: string, builtAt: string): string {
  return `${delivery}.webhook_type in (${oneRecordTypes}) and ${builtAt} is not null and exists (
    select from deliveries n join payloads np on np.delivery_id = n.id
    where n.visitor_id = ${delivery}.visitor_id and n.id <> ${delivery}.id and n.state = 'delivered' and not n.sample
      and n.webhook_type = ${delivery}.webhook_type and n.receiver_host = ${delivery}.receiver_host
      and n.destination_id is not distinct from ${delivery}.destination_id and np.built_at > ${builtAt})`
}
