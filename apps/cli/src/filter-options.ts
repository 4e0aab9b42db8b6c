import { deliveryFilters, type PlanBody } from '@ghostpost/client'
import { Option, type Command } from 'commander'
import { parseTimeAgo, parseTimeAhead } from './times.ts'

/** Options of a command that has the options of a delivery filter. */
export type FilterOptions = Readonly<Record<string, unknown>>

type Filter = NonNullable<PlanBody['filter']>

export function addFilterOptions(command: Command): void {
  for (const [name, { schema, option, help }] of Object.entries(deliveryFilters)) {
    const isTime = 'format' in schema && schema.format === 'date-time'
    const added = new Option(option, help)
    const parse = name === 'due_before' ? parseTimeAhead : parseTimeAgo
    command.addOption(isTime ? added.argParser(parse) : added)
  }
}

/** The filter for the API, without the options that are not set. */
export function filterOf(options: FilterOptions): Filter {
  const filter = Object.entries(deliveryFilters).map(([name, { option }]) => [
    name,
    options[new Option(option).attributeName()],
  ])
  return Object.fromEntries(filter.filter(([, value]) => value !== undefined)) as Filter
}
