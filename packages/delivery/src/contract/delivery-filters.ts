import { deliveryStates } from '../deliver/delivery.ts'
import { webhookTypes } from '../destinations/registry.ts'

/** One field of a filter of deliveries. Its value is a text. */
interface FilterField {
  /** Keywords of the JSON Schema of the value. */
  schema: {
    description?: string
    format?: 'uuid' | 'date-time'
    minLength?: number
    maxLength?: number
    pattern?: string
  }
  /** Regular expression of the values that the dashboard accepts in the address of its list. */
  addressPattern: string
  /** Label in the dashboard. */
  label: string
  /** Option of the command line. */
  option: string
  /** Help of the option. */
  help: string
}

const uuid = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
const time = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$`
const listOf = (values: readonly string[]): string => `^(${values.join('|')})(,(${values.join('|')}))*$`
const statusClass = String.raw`^[1-5](\d\d|xx)$`

function oneOrMore(values: readonly string[]): Pick<FilterField, 'schema' | 'addressPattern'> {
  const pattern = listOf(values)
  const description = 'One or more, separated by commas.'
  return { schema: { pattern, maxLength: 200, description }, addressPattern: pattern }
}

/**
 * The fields of a filter of deliveries. A delivery must match all given fields. The contract, the dashboard and the
 * command line read them here; `infrastructure/src/database/log/delivery-filter.ts` has the SQL of each. Plain JSON,
 * because the dashboard's build copies the values into its bundle.
 */
export const deliveryFilters = {
  ghost_vid: {
    schema: { maxLength: 131, description: 'Deliveries of this visitor.' },
    addressPattern: '^gv_.{1,128}$',
    label: 'Visitor',
    option: '--visitor <ghost_vid>',
    help: 'only deliveries of this visitor',
  },
  identified_user: {
    schema: {
      minLength: 1,
      maxLength: 320,
      description: 'Deliveries of the visitor with this id at the site, such as an e-mail address.',
    },
    addressPattern: String.raw`^[\s\S]{1,320}$`,
    label: 'Lead',
    option: '--user <name>',
    help: 'only of visitors that the site identifies by this name, such as an e-mail address',
  },
  text: {
    schema: {
      minLength: 1,
      maxLength: 200,
      description:
        'Search words: each must match the start of a word of the visitor’s name, company, id at the ' +
        'site (such as an e-mail address) or ghost_vid. Alternatively the id of a delivery.',
    },
    addressPattern: String.raw`^[\s\S]{1,200}$`,
    label: 'Words',
    option: '--text <words>',
    help: 'only of visitors whose name, company or id has these words; or a delivery id',
  },
  webhook_type: {
    ...oneOrMore(webhookTypes),
    label: 'Type',
    option: '--type <types>',
    help: `only to these destination types: ${webhookTypes.join(', ')}; separate with commas`,
  },
  destination_id: {
    schema: { format: 'uuid' },
    addressPattern: uuid,
    label: 'Destination',
    option: '--destination <id>',
    help: 'only to this saved destination',
  },
  receiver: {
    schema: { maxLength: 260, description: 'Host of the receiver.' },
    addressPattern: '^.{1,260}$',
    label: 'Receiver',
    option: '--receiver <host>',
    help: 'only to this host',
  },
  status: {
    ...oneOrMore(deliveryStates),
    label: 'Status',
    option: '--status <states>',
    help: `only in these states: ${deliveryStates.join(', ')}; separate with commas`,
  },
  cause: {
    schema: { maxLength: 100, description: 'Cause code of the last error.' },
    addressPattern: String.raw`^\w{1,100}$`,
    label: 'Cause',
    option: '--cause <code>',
    help: 'only with this last error code',
  },
  response_status: {
    schema: { pattern: statusClass, description: 'For example `404` or `5xx`.' },
    addressPattern: statusClass,
    label: 'Response',
    option: '--response-status <status>',
    help: 'only with this last response status: 404, or 5xx',
  },
  failure: {
    schema: { maxLength: 64, description: 'Fingerprint of a failure group.' },
    addressPattern: String.raw`^\w{1,64}$`,
    label: 'Failure group',
    option: '--failure <fingerprint>',
    help: 'only of this failure group',
  },
  operation_id: {
    schema: { format: 'uuid' },
    addressPattern: uuid,
    label: 'Operation',
    option: '--operation <id>',
    help: 'only created or resent by this operation',
  },
  from: {
    schema: { format: 'date-time', description: 'Created at this time or later.' },
    addressPattern: time,
    label: 'From',
    option: '--from <time>',
    help: 'only created since: 2026-11-23T10:00:00Z, or 2h for two hours ago',
  },
  to: {
    schema: { format: 'date-time', description: 'Created before this time.' },
    addressPattern: time,
    label: 'Until',
    option: '--to <time>',
    help: 'only created before this time',
  },
} as const satisfies Readonly<Record<string, FilterField>>
