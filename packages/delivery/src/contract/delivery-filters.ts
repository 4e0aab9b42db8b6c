import { deliveryStates, lanes } from '../deliver/delivery.ts'
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
const choiceOf = (values: readonly string[]): string => `^(${values.join('|')})$`
export const waitKinds = ['due', 'held', 'paused', 'scheduled'] as const
export const deliveryPurposes = ['export', 'test', 'alert'] as const
export const recoveredChoices = ['no', 'yes', 'any'] as const
const statusClasses = String.raw`^[1-5](\d\d|xx)(,[1-5](\d\d|xx))*$`

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
    schema: {
      pattern: statusClasses,
      maxLength: 100,
      description: 'For example `404` or `5xx`; several are separated by commas.',
    },
    addressPattern: statusClasses,
    label: 'Response',
    option: '--response-status <status>',
    help: 'only with these last response statuses: 404, or 5xx; separate with commas',
  },
  failure: {
    schema: { maxLength: 64, description: 'Fingerprint of a failure group.' },
    addressPattern: String.raw`^\w{1,64}$`,
    label: 'Failure group',
    option: '--failure <fingerprint>',
    help: 'only of this failure group',
  },
  recovered: {
    schema: {
      pattern: choiceOf(recoveredChoices),
      description:
        'Dead letters of which a copy was delivered: yes, only them; no, all others; any. Without it, ' +
        '`failure` and the status `failed` leave them out.',
    },
    addressPattern: choiceOf(recoveredChoices),
    label: 'Recovered',
    option: '--recovered <choice>',
    help: 'dead letters of which a copy was delivered: yes, no or any',
  },
  operation_id: {
    schema: { format: 'uuid' },
    addressPattern: uuid,
    label: 'Operation',
    option: '--operation <id>',
    help: 'only created or resent by this operation',
  },
  wait: {
    schema: {
      pattern: choiceOf(waitKinds),
      description:
        'Queued and retrying deliveries by what they wait for. due: a worker. held: their receiver. paused: ' +
        'their destination, operation or lane. scheduled: the time of the next attempt.',
    },
    addressPattern: choiceOf(waitKinds),
    label: 'Waits for',
    option: '--wait <reason>',
    help: `only those that wait for this reason: ${waitKinds.join(', ')}`,
  },
  lane: {
    schema: { pattern: choiceOf(lanes), description: 'Unfinished deliveries of this lane.' },
    addressPattern: choiceOf(lanes),
    label: 'Lane',
    option: '--lane <lane>',
    help: `only unfinished ones in this lane: ${lanes.join(', ')}`,
  },
  due_before: {
    schema: {
      format: 'date-time',
      description: 'Unfinished deliveries whose next attempt is before this time.',
    },
    addressPattern: time,
    label: 'Due before',
    option: '--due-before <time>',
    help: 'only those whose next attempt is before this time',
  },
  purpose: {
    schema: {
      pattern: choiceOf(deliveryPurposes),
      description: 'export: of a visitor. test: the sample of a destination’s test. alert: a notification.',
    },
    addressPattern: choiceOf(deliveryPurposes),
    label: 'Purpose',
    option: '--purpose <purpose>',
    help: `only with this purpose: ${deliveryPurposes.join(', ')}`,
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
