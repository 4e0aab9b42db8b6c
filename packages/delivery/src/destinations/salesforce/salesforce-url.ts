import type { SavedAs, UrlProblem } from '../destination.ts'

const ownDomain = "the organisation's own domain, as in https://example.my.salesforce.com"

/** Reports pages of Salesforce, forms, and URLs of its API that need credentials. */
export function checkSalesforceUrl(
  { hostname, pathname }: URL,
  { hasCredentials }: SavedAs,
): UrlProblem | null {
  if (hostname.endsWith('.lightning.force.com') || pathname.startsWith('/lightning/')) {
    return { expected: `${ownDomain}, and not that of a page` }
  }
  if (/servlet\.WebToLead/i.test(pathname)) {
    return { expected: `${ownDomain} with credentials, or an Apex REST class: Web-to-Lead takes forms only` }
  }
  if (hasCredentials && /^(?:login|test)\.salesforce\.com$/.test(hostname)) return { expected: ownDomain }
  const needsCredentials = pathname.startsWith('/services/data/') && !hasCredentials
  return needsCredentials
    ? { warning: 'This URL needs credentials, or a custom authorization header.' }
    : null
}
