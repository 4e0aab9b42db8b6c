import { destinationTraits, webhookTypes } from '@ghostpost/client'
import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { Field } from '../../ui/field.tsx'
import { destinationKindLabels } from '../../ui/destination-kind-labels.ts'
import { alertKindNames, alertKinds } from './alert-kinds.ts'

type Kind = AlertRuleBody['kind']

const alertTypes = webhookTypes.filter((type) => destinationTraits[type].showsAlerts)

interface AlertFieldsProps {
  kind: Kind
  setKind: (kind: Kind) => void
  /** Those an alert can be read at. */
  destinations: readonly DestinationView[]
}

export function AlertFields({ kind, setKind, destinations }: AlertFieldsProps) {
  return (
    <>
      <Field label="Name" hint="Begins what people are told.">
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
      <Field label="Only to destinations of kind">
        {(id) => (
          <select id={id} name="type">
            <option value="">all</option>
            {Object.entries(destinationKindLabels).map(([type, label]) => (
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
        <Field label={limit} hint={`Empty: ${defaultLimit}.`}>
          {(id, hint) => (
            <input id={id} name="threshold" type="number" min={0} step="any" aria-describedby={hint} />
          )}
        </Field>
      )}
      {hasWindow && (
        <Field label="In so many minutes" hint="Empty: 15.">
          {(id, hint) => <input id={id} name="window" type="number" min={1} aria-describedby={hint} />}
        </Field>
      )}
    </>
  )
}

function Recipients({ destinations }: Pick<AlertFieldsProps, 'destinations'>) {
  return (
    <>
      <Field label="Tell this destination" hint={`Saved ones of kind ${alertTypes.join(', ')}.`}>
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
      <Field label="Tell these e-mail addresses" hint="Several with commas.">
        {(id, hint) => <input id={id} name="email" aria-describedby={hint} autoComplete="off" />}
      </Field>
      <Field label="Not again within so many minutes" hint="Empty: 30.">
        {(id, hint) => <input id={id} name="cooldown" type="number" min={0} aria-describedby={hint} />}
      </Field>
    </>
  )
}
