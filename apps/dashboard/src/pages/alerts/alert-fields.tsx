import type { AlertRuleBody, AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { alertDestinationTypes, destinationTypeLabels } from '../../ui/destination-types.ts'
import { Field } from '../../ui/field.tsx'
import { alertKindNames, alertKinds } from './alert-kinds.ts'

type Kind = AlertRuleBody['kind']

interface AlertFieldsProps {
  kind: Kind
  /** Undefined when the kind cannot change: the rule exists. */
  setKind?: (kind: Kind) => void
  /** The saved destinations of the site. */
  destinations: readonly DestinationView[]
  /** The rule to edit. */
  rule?: AlertRuleView | undefined
}

export function AlertFields({ kind, setKind, destinations, rule }: AlertFieldsProps) {
  return (
    <>
      <Field label="Name" hint="Shown first in the notification.">
        {(id, hint) => (
          <input
            id={id}
            name="name"
            required
            maxLength={100}
            defaultValue={rule?.name}
            aria-describedby={hint}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label="When">
        {(id) => (
          <select
            id={id}
            name="kind"
            value={kind}
            disabled={setKind === undefined}
            onChange={(event) => setKind?.(event.currentTarget.value as Kind)}
          >
            {alertKindNames.map((one) => (
              <option key={one} value={one}>
                {alertKinds[one].label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Limits kind={kind} rule={rule} />
      <Scope rule={rule} destinations={destinations} />
      <Recipients
        rule={rule}
        destinations={destinations.filter(({ webhook_type: type }) => alertDestinationTypes.includes(type))}
      />
    </>
  )
}

/** What the rule watches. */
function Scope({ rule, destinations }: Pick<AlertFieldsProps, 'rule' | 'destinations'>) {
  return (
    <>
      <Field label="Only for destinations of type">
        {(id) => (
          <select id={id} name="type" defaultValue={rule?.filter.webhook_type ?? ''}>
            <option value="">all</option>
            {Object.entries(destinationTypeLabels).map(([type, label]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Only for this destination">
        {(id) => (
          <select id={id} name="watched" defaultValue={rule?.filter.destination_id ?? ''}>
            <option value="">all</option>
            {destinations.map(({ id: value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  )
}

function Limits({ kind, rule }: Pick<AlertFieldsProps, 'kind' | 'rule'>) {
  const { limit, defaultLimit, hasWindow } = alertKinds[kind]
  return (
    <>
      {limit !== null && (
        <Field label={limit} hint={`Default: ${defaultLimit}.`}>
          {(id, hint) => (
            <input
              id={id}
              name="threshold"
              type="number"
              min={0}
              step="any"
              defaultValue={rule?.threshold ?? undefined}
              aria-describedby={hint}
            />
          )}
        </Field>
      )}
      {hasWindow && (
        <Field label="Window in minutes" hint="Default: 15.">
          {(id, hint) => (
            <input
              id={id}
              name="window"
              type="number"
              min={1}
              step="any"
              defaultValue={minutesOf(rule?.window_seconds)}
              aria-describedby={hint}
            />
          )}
        </Field>
      )}
      {kind === 'failure_rate' && (
        <Field label="Only with at least so many exports" hint="Default: 20.">
          {(id, hint) => (
            <input
              id={id}
              name="minimum"
              type="number"
              min={1}
              max={10_000}
              defaultValue={rule?.minimum_count ?? undefined}
              aria-describedby={hint}
            />
          )}
        </Field>
      )}
    </>
  )
}

function minutesOf(seconds: number | null | undefined): number | undefined {
  return typeof seconds === 'number' ? seconds / 60 : undefined
}

const recipientHint = `Saved destinations of type ${alertDestinationTypes.join(', ')}.`

function Recipients({ destinations, rule }: Pick<AlertFieldsProps, 'destinations' | 'rule'>) {
  return (
    <>
      <Field label="Notify this destination" hint={recipientHint}>
        {(id, hint) => (
          <select
            id={id}
            name="destination"
            defaultValue={rule?.notify.destination_id ?? ''}
            aria-describedby={hint}
          >
            <option value="">none</option>
            {destinations.map(({ id: value, name, webhook_type: type }) => (
              <option key={value} value={value}>
                {name} ({type})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Notify these e-mail addresses" hint="Separate addresses with commas.">
        {(id, hint) => (
          <input
            id={id}
            name="email"
            defaultValue={rule?.notify.email.join(', ')}
            aria-describedby={hint}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label="Cooldown in minutes" hint="Minimum time between two notifications. Default: 30.">
        {(id, hint) => (
          <input
            id={id}
            name="cooldown"
            type="number"
            min={0}
            step="any"
            defaultValue={minutesOf(rule?.cooldown_seconds)}
            aria-describedby={hint}
          />
        )}
      </Field>
    </>
  )
}
