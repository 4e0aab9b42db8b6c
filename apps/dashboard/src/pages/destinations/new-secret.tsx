import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'

interface NewSecretProps {
  /** Null where no secret is shared. */
  secret: string | null
  publicKeys: readonly string[]
}

/** What the receiver checks signatures with. A secret is told once, when it is made; a public key may be seen any time. */
export function NewSecret({ secret, publicKeys }: NewSecretProps) {
  const [key] = publicKeys
  if (secret !== null) {
    return (
      <>
        <Notice tone="warn">
          <p>
            This signing secret is shown this once. Give it to the receiver, which checks with it what comes
            from us.
          </p>
          <code>{secret}</code>
        </Notice>
        <div>
          <CopyButton text={secret} label="Copy the secret" />
        </div>
      </>
    )
  }
  if (key === undefined) return <p>It signs nothing: its kind has no use for signatures.</p>
  return (
    <>
      <Notice tone="info">
        <p>Give this public key to the receiver, which checks with it what comes from us.</p>
        <code>{key}</code>
      </Notice>
      <div>
        <CopyButton text={key} label="Copy the public key" />
      </div>
    </>
  )
}
