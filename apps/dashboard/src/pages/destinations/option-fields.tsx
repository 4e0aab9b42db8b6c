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
        <ChoiceField
          label="Converted records"
          hint="With credentials: what an export of a converted record does."
          name="on_converted"
          value={options.on_converted ?? 'contact'}
          choices={{ contact: 'Update the contact', skip: 'Skip the export' }}
        />
      )}
      {oneRecordPerVisitor && (
        <ChoiceField
          label="Unchanged visitors"
          hint="What an operation does when the values were accepted already."
          name="unchanged"
          value={options.unchanged ?? 'skip'}
          choices={{ skip: 'Skip them', send: 'Send them again' }}
        />
      )}
      {Object.entries(policies).map(([name, standard]) => (
        <ChoiceField
          key={name}
          label={`Write ${name}`}
          hint="With credentials only."
          name={policyFieldName(name)}
          value={options.fields?.[name] ?? standard}
          choices={policyChoices(standard)}
        />
      ))}
    </>
  )
}

function policyChoices(standard: string): Record<string, string> {
  const choices = fieldPolicies.map((policy) => {
    const mark = policy === standard ? ' (default)' : ''
    return [policy, policyTexts[policy] + mark]
  })
  return Object.fromEntries(choices) as Record<string, string>
}

interface ChoiceFieldProps {
  label: string
  hint: string
  name: string
  value: string
  /** The text of each value. */
  choices: Readonly<Record<string, string>>
}

function ChoiceField({ label, hint, name, value, choices }: ChoiceFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <select id={id} name={name} defaultValue={value} aria-describedby={hintId}>
          {Object.entries(choices).map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
