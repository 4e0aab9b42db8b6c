import { destinationTraits, fieldPolicies, type WebhookType } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'

type Options = DestinationView['options']

/** The name of the form field of a policy. */
export function policyFieldName(field: string): string {
  return `policy ${field}`
}

/**
 * Reads the options of a type from a form. An option with its default is left out.
 * @param fieldText reads a field by its name; empty when the form has no such field
 */
export function readOptions(type: WebhookType, fieldText: (name: string) => string): Options {
  const { fieldPolicies: policies = {} } = destinationTraits[type]
  const fields = Object.entries(policies).flatMap(([name, standard]) => {
    const policy = fieldPolicies.find((one) => one === fieldText(policyFieldName(name)))
    return policy === undefined || policy === standard ? [] : [[name, policy] as const]
  })
  return {
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
    ...(fieldText('on_converted') === 'skip' && { on_converted: 'skip' as const }),
    ...(fieldText('unchanged') === 'send' && { unchanged: 'send' as const }),
    ...(fieldText('compatible') !== '' && { compatible: true }),
  }
}

/** The options that differ from their defaults, as short texts. */
export function optionTexts(options: Options): string[] {
  return [
    ...(options.compatible === true ? ['compatible server'] : []),
    ...(options.on_converted === undefined ? [] : [`converted records: ${options.on_converted}`]),
    ...(options.unchanged === undefined ? [] : [`unchanged visitors: ${options.unchanged}`]),
    ...Object.entries(options.fields ?? {}).map(([name, policy]) => `${name}: ${policy}`),
  ]
}
