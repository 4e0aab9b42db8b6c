/** When a value is written to a record of a CRM. */
export const fieldPolicies = ['always', 'create', 'empty'] as const

/**
 * `always`: with every export. `create`: when the record is created. `empty`: when it is created, and later while the
 * field is empty, so that no value is overwritten that people entered.
 */
export type FieldPolicy = (typeof fieldPolicies)[number]

/** The settings of a saved destination that only some types have. Spelt as in the API. */
export interface DestinationOptions {
  /** By the receiver's name of the field. */
  fields?: Readonly<Record<string, FieldPolicy>>
  /** What happens when the record has been converted into another one: update that one, or skip the export. */
  on_converted?: 'contact' | 'skip'
  /** The receiver is another server that accepts the format of the tool. */
  compatible?: boolean
  /** What an operation does with a visitor of whom the receiver has accepted the same values: skip by default. */
  unchanged?: 'skip' | 'send'
}

/** The policy of each field: the destination's own, else the default of its type. */
export function policyOf(
  field: string,
  defaults: Readonly<Record<string, FieldPolicy>> | undefined,
  { fields = {} }: DestinationOptions,
): FieldPolicy {
  const own = Object.hasOwn(fields, field) ? fields[field] : undefined
  const ofType = defaults !== undefined && Object.hasOwn(defaults, field) ? defaults[field] : undefined
  return own ?? ofType ?? 'always'
}

/** The part of a record's values whose policy is one of these. */
export function valuesWith<Value>(
  values: Readonly<Record<string, Value>>,
  policies: readonly FieldPolicy[],
  policyOfField: (field: string) => FieldPolicy,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter(([field]) => policies.includes(policyOfField(field))),
  )
}
