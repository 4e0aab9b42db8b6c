import type { ReactNode } from 'react'
import { Button, buttonClass } from './button.tsx'
import { Icon } from './icon.tsx'

/** A file to keep; where the role does not suffice, a button that says why. */
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
