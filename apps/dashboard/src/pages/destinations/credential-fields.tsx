import { useState } from 'react'
import type { DestinationType } from '../../ui/destination-types.ts'
import { Field } from '../../ui/field.tsx'
import {
  credentialFields,
  credentialKindsOf,
  credentialLabels,
  type CredentialField,
  type CredentialKind,
} from './credential-kinds.ts'

interface CredentialFieldsProps {
  type: DestinationType
  /** Kind of the credentials that are stored now. */
  current: CredentialKind | null
}

/** The credentials of a CRM. With credentials, Ghostpost creates and updates records by visitor id. */
export function CredentialFields({ type, current }: CredentialFieldsProps) {
  const [chosen, setChosen] = useState<string>('')
  const possible = credentialKindsOf(type)
  if (possible.length === 0) return null
  const fields = credentialFields[chosen as CredentialKind] ?? []
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
            <option value="">{current === null ? 'None' : `Keep: ${credentialLabels[current]}`}</option>
            {possible.map((one) => (
              <option key={one} value={one}>
                {current === null ? '' : 'Replace with: '}
                {credentialLabels[one]}
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
