import type { SavedAs, UrlProblem } from '../destination.ts'

const apiHost = /^api(?:-[a-z0-9]+)?\.hubapi\.com$/
const pageHost = /(?:^|\.)hubspot\.com$|(?:^|\.)hs-sites(?:-[a-z0-9]+)?\.com$/

/** Reports pages of HubSpot, and URLs of its API that need credentials. */
export function checkHubspotUrl({ hostname, pathname }: URL, { hasCredentials }: SavedAs): UrlProblem | null {
  if (pageHost.test(hostname) && !hostname.startsWith('api.')) {
    return {
      expected:
        "the URL of a workflow's webhook trigger (https://api.hubapi.com/automation/…), " +
        "or https://api.hubapi.com with credentials, and not that of one of HubSpot's pages",
    }
  }
  if (!apiHost.test(hostname)) {
    return hasCredentials
      ? { warning: 'This is no host of the HubSpot API, and it gets the access token.' }
      : null
  }
  return hasCredentials || pathname.startsWith('/automation/')
    ? null
    : { warning: "This URL needs credentials. Only a workflow's webhook trigger works without them." }
}
