import type { ReactNode } from 'react'
import { Button, buttonClass } from './button.tsx'
import { Icon } from './icon.tsx'

/** A download; when the user's role does not suffice, a disabled button with the reason. */
export function DownloadLink(props: { href: string; refusal: string | null; children: ReactNode }) {
  const { href, refusal, children } = props
  if (refusal !== null) {
    return (
      <Button refusal={refusal}>
        <Icon name="download" /> {children}
      </Button>
    )
  }
  return (
    <a href={href} download className={buttonClass()}>
      <Icon name="download" /> {children}
    </a>
  )
}
