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
  type: WebhookType
  /** Kind of the credentials that are stored now. */
  current: CredentialKind | null
}

/** The credentials of a CRM. With credentials, Ghostpost creates and updates records by visitor id. */
export function CredentialFields({ type, current }: CredentialFieldsProps) {
  const [chosen, setChosen] = useState<string>('')
  const possible = destinationTraits[type].credentialKinds
  if (possible.length === 0) return null
  const fields = Object.hasOwn(credentialForms, chosen)
    ? credentialForms[chosen as CredentialKind].fields
    : []
  return (
    <>
      <Field
        label="Credentials"
        hint="With credentials, Ghostpost creates and updates CRM records; without, it sends a plain webhook."
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
            {current !== null && <option value="none">Remove</option>}
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
