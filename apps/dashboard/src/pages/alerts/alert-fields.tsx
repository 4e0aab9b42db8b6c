import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { alertDestinationTypes, destinationTypeLabels } from '../../ui/destination-types.ts'
import { Field } from '../../ui/field.tsx'
import { alertKindNames, alertKinds } from './alert-kinds.ts'

type Kind = AlertRuleBody['kind']

interface AlertFieldsProps {
  kind: Kind
  setKind: (kind: Kind) => void
  /** Saved destinations that can receive an alert. */
  destinations: readonly DestinationView[]
}

export function AlertFields({ kind, setKind, destinations }: AlertFieldsProps) {
  return (
    <>
      <Field label="Name" hint="Shown first in the notification.">
        {(id, hint) => (
          <input id={id} name="name" required maxLength={100} aria-describedby={hint} autoComplete="off" />
        )}
      </Field>
      <Field label="When">
        {(id) => (
          <select
            id={id}
            name="kind"
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
          >
            {alertKindNames.map((one) => (
              <option key={one} value={one}>
                {alertKinds[one].label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Limits kind={kind} />
      <Field label="Only for destinations of type">
        {(id) => (
          <select id={id} name="type">
            <option value="">all</option>
            {Object.entries(destinationTypeLabels).map(([type, label]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Recipients destinations={destinations} />
    </>
  )
}

function Limits({ kind }: { kind: Kind }) {
  const { limit, defaultLimit, hasWindow } = alertKinds[kind]
  return (
    <>
      {limit !== null && (
        <Field label={limit} hint={`Default: ${defaultLimit}.`}>
          {(id, hint) => (
            <input id={id} name="threshold" type="number" min={0} step="any" aria-describedby={hint} />
          )}
        </Field>
      )}
      {hasWindow && (
        <Field label="Window in minutes" hint="Default: 15.">
          {(id, hint) => <input id={id} name="window" type="number" min={1} aria-describedby={hint} />}
        </Field>
      )}
    </>
  )
}

const recipientHint = `Saved destinations of type ${alertDestinationTypes.join(', ')}.`

function Recipients({ destinations }: Pick<AlertFieldsProps, 'destinations'>) {
  return (
    <>
      <Field label="Notify this destination" hint={recipientHint}>
        {(id, hint) => (
          <select id={id} name="destination" aria-describedby={hint}>
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
        {(id, hint) => <input id={id} name="email" aria-describedby={hint} autoComplete="off" />}
      </Field>
      <Field label="Cooldown in minutes" hint="Minimum time between two notifications. Default: 30.">
        {(id, hint) => <input id={id} name="cooldown" type="number" min={0} aria-describedby={hint} />}
      </Field>
    </>
  )
}
