import { Field } from '../../ui/field.tsx'

/** How requests are signed. */
export function SigningField({ allowUnchanged = false }: { allowUnchanged?: boolean }) {
  return (
    <Field
      label="Signatures"
      hint="Standard Webhooks. hmac: a secret both know. ed25519: the receiver gets a public key only."
    >
      {(id, hint) => (
        <select id={id} name="signing" aria-describedby={hint}>
          {allowUnchanged && <option value="">As before</option>}
          <option value="hmac">hmac</option>
          <option value="ed25519">ed25519</option>
        </select>
      )}
    </Field>
  )
}
