import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import {
  credentialFields,
  credentialKindsOf,
  credentialLabels,
  type CredentialField,
  type CredentialKind,
  type DestinationKind,
} from './credential-kinds.ts'

interface CredentialFieldsProps {
  kind: DestinationKind
  /** What is set now. */
  current: CredentialKind | null
}

/** For a CRM: what switches the mode on in which records are created and updated by visitor id. */
export function CredentialFields({ kind, current }: CredentialFieldsProps) {
  const [chosen, setChosen] = useState<string>('')
  const possible = credentialKindsOf(kind)
  if (possible.length === 0) return null
  const fields = credentialFields[chosen as CredentialKind] ?? []
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
            <option value="">{current === null ? 'None' : `Keep: ${credentialLabels[current]}`}</option>
            {possible.map((one) => (
              <option key={one} value={one}>
                {current === null ? '' : 'Replace with: '}
                {credentialLabels[one]}
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
