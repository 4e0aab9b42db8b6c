import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'

interface NewSecretProps {
  /** Null where the destination has no shared secret. */
  secret: string | null
  publicKeys: readonly string[]
}

/** The secret or key with which the receiver verifies signatures. The API returns a secret only when it is created. */
export function NewSecret({ secret, publicKeys }: NewSecretProps) {
  const [key] = publicKeys
  if (secret !== null) {
    return (
      <>
        <Notice tone="warn">
          <p>
            This signing secret is shown only once. The receiver needs it to verify requests from Ghostpost.
          </p>
          <code>{secret}</code>
        </Notice>
        <div>
          <CopyButton text={secret} label="Copy the secret" />
        </div>
      </>
    )
  }
  if (key === undefined) return <p>Ghostpost signs no requests to a destination of this type.</p>
  return (
    <>
      <Notice tone="info">
        <p>The receiver needs this public key to verify requests from Ghostpost.</p>
        <code>{key}</code>
      </Notice>
      <div>
        <CopyButton text={key} label="Copy the public key" />
      </div>
    </>
  )
}
