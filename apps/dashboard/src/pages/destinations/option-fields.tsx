import { destinationTraits, fieldPolicies, type WebhookType } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { Field } from '../../ui/field.tsx'
import { policyFieldName } from './read-options.ts'

interface OptionFieldsProps {
  type: WebhookType
  options: DestinationView['options']
}

const policyTexts: Readonly<Record<(typeof fieldPolicies)[number], string>> = {
  always: 'With every export',
  create: 'When the record is created',
  empty: 'While it is empty',
}

/** The settings that only some destination types have. */
export function OptionFields({ type, options }: OptionFieldsProps) {
  const {
    fieldPolicies: policies = {},
    convertsRecords,
    hasCompatibleServers,
    oneRecordPerVisitor,
    label,
  } = destinationTraits[type]
  return (
    <>
      {hasCompatibleServers && (
        <Field
          label="Compatible server"
          hint={`The URL is that of another server that takes messages of ${label}.`}
        >
          {(id, hint) => (
            <input
              id={id}
              name="compatible"
              type="checkbox"
              defaultChecked={options.compatible === true}
              aria-describedby={hint}
            />
          )}
        </Field>
      )}
      {convertsRecords && (
        <Field label="Converted records" hint="With credentials: what an export of a converted record does.">
          {(id, hint) => (
            <select
              id={id}
              name="on_converted"
              defaultValue={options.on_converted ?? 'contact'}
              aria-describedby={hint}
            >
              <option value="contact">Update the contact</option>
              <option value="skip">Skip the export</option>
            </select>
          )}
        </Field>
      )}
      {oneRecordPerVisitor && (
        <Field
          label="Unchanged visitors"
          hint="What an operation does when the values were accepted already."
        >
          {(id, hint) => (
            <select
              id={id}
              name="unchanged"
              defaultValue={options.unchanged ?? 'skip'}
              aria-describedby={hint}
            >
              <option value="skip">Skip them</option>
              <option value="send">Send them again</option>
            </select>
          )}
        </Field>
      )}
      {Object.entries(policies).map(([name, standard]) => (
        <Field key={name} label={`Write ${name}`} hint="With credentials only.">
          {(id, hint) => (
            <select
              id={id}
              name={policyFieldName(name)}
              defaultValue={options.fields?.[name] ?? standard}
              aria-describedby={hint}
            >
              {fieldPolicies.map((policy) => (
                <option key={policy} value={policy}>
                  {policyTexts[policy]}
                  {policy === standard ? ' (default)' : ''}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </>
  )
}
