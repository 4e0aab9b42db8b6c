import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** A signing secret is told once, when it is made. */
export function SecretOnce({ secret }: { secret: string | null }) {
  if (secret === null) return <p>It signs nothing: its kind has no use for signatures.</p>
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
