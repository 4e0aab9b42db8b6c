import { clipText, lineOf } from '../text/clip-text.ts'

/** What an e-mail with an account's link says. */
interface LinkEmail {
  purpose: 'invite' | 'reset'
  /** URL of the dashboard's page. */
  link: string
  expiresAt: Date
  /** E-mail address of the admin who made the link. */
  madeBy: string
  /** The site of an invitation. */
  siteName: string
}

const siteNameLengthMax = 80

/** The e-mail to the owner of an account. Its only link is the dashboard's. */
export function linkEmail(email: LinkEmail): { subject: string; body: string } {
  const { purpose, link, expiresAt, madeBy } = email
  const site = clipText(lineOf(email.siteName) ?? '', siteNameLengthMax)
  const isInvite = purpose === 'invite'
  const reason = isInvite
    ? `${madeBy} invites you to the site "${site}".`
    : `${madeBy} made a link with which you set a new password.`
  return {
    subject: isInvite ? '[Ghostpost] Your account' : '[Ghostpost] Your new password',
    body: [
      reason,
      '',
      `Open this page and choose a password: ${link}`,
      '',
      `The link works once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
      'If you did not expect it, ignore this e-mail.',
      '',
    ].join('\n'),
  }
}
