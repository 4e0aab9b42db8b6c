import { Field } from '../../ui/field.tsx'

export function SigningField({ allowUnchanged = false }: { allowUnchanged?: boolean }) {
  return (
    <Field
      label="Signatures"
      hint="Standard Webhooks. hmac: a shared secret. ed25519: the receiver gets only the public key."
    >
      {(id, hint) => (
        <select id={id} name="signing" aria-describedby={hint}>
          {allowUnchanged && <option value="">Keep the current kind</option>}
          <option value="hmac">hmac</option>
          <option value="ed25519">ed25519</option>
        </select>
      )}
    </Field>
  )
}
