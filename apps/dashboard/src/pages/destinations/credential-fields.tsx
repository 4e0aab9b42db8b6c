import {
  credentialForms,
  destinationTraits,
  type CredentialField,
  type CredentialKind,
  type WebhookType,
} from '@ghostpost/client'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'

interface CredentialFieldsProps {
  kind: WebhookType
  /** What is set now. */
  current: CredentialKind | null
}

/** For a CRM: what switches the mode on in which records are created and updated by visitor id. */
export function CredentialFields({ kind, current }: CredentialFieldsProps) {
  const [chosen, setChosen] = useState<string>('')
  const possible = destinationTraits[kind].credentialKinds
  if (possible.length === 0) return null
  const fields = Object.hasOwn(credentialForms, chosen)
    ? credentialForms[chosen as CredentialKind].fields
    : []
  return (
    <>
      <Field
        label="Credentials"
        hint="With credentials, records are created and updated by visitor id; without, the address gets a plain webhook."
      >
        {(id, hint) => (
          <select
            id={id}
            name="credentials"
            aria-describedby={hint}
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">{current === null ? 'None' : `Keep: ${credentialForms[current].label}`}</option>
            {possible.map((one) => (
              <option key={one} value={one}>
                {current === null ? '' : 'Replace with: '}
                {credentialForms[one].label}
              </option>
            ))}
            {current !== null && <option value="none">Take them away</option>}
          </select>
        )}
      </Field>
      {fields.map((field) => (
        <CredentialInput key={field.name} field={field} />
      ))}
    </>
  )
}

function CredentialInput({ field }: { field: CredentialField }) {
  const { name, label, hint, isLong, isOptional, isSecret } = field
  return (
    <Field label={label} {...(hint !== undefined && { hint })}>
      {(id, hintId) => {
        const same = { id, name, required: !isOptional, 'aria-describedby': hintId }
        if (isLong) return <textarea {...same} rows={4} spellCheck={false} autoComplete="off" />
        return (
          <input
            {...same}
            type={isSecret ? 'password' : 'text'}
            autoComplete={isSecret ? 'new-password' : 'off'}
          />
        )
      }}
    </Field>
  )
}
