/**
 * A CRM keeps one record per visitor: an older snapshot must not overwrite a newer one that was delivered. SQL of whether
 * there is one for a delivery to a CRM: of the same visitor, delivered to the same place, built later.
 * @param d names the delivery
 * @param builtAt when its bytes were built; null where they were not yet
 */
export function isSuperseded(d: string, builtAt: string): string {
  return `${d}.webhook_type in ('hubspot', 'salesforce') and ${builtAt} is not null and exists (
    select from deliveries n join payloads np on np.delivery_id = n.id
    where n.visitor_id = ${d}.visitor_id and n.id <> ${d}.id and n.state = 'delivered' and not n.sample
      and n.webhook_type = ${d}.webhook_type and n.receiver_host = ${d}.receiver_host
      and n.destination_id is not distinct from ${d}.destination_id and np.built_at > ${builtAt})`
}
