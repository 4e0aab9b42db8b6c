import type { SavedAs, UrlProblem } from '../destination.ts'

const webhookHosts: ReadonlySet<string> = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])
const expected = 'the URL of an incoming webhook, as in https://hooks.slack.com/services/T…/B…/…'

/** Reports URLs that are no incoming webhooks of Slack. */
export function checkSlackUrl({ hostname, pathname }: URL, { options }: SavedAs): UrlProblem | null {
  if (webhookHosts.has(hostname)) {
    if (/^\/services\/[^/]+\/[^/]+\/[^/]+/.test(pathname)) return null
    if (/^\/(?:triggers|workflows)\//.test(pathname)) {
      return { warning: 'This is the URL of a workflow, which takes no messages in the format of an export.' }
    }
    return { expected }
  }
  if (/^\/api\/[\w.]+$/.test(pathname)) return null
  if (/(?:^|\.)slack(?:-gov)?\.com$/.test(hostname)) return { expected }
  if (options.compatible === true) return null
  return {
    warning:
      'This is no host of Slack. If another chat server runs there that accepts the format of Slack, set the option ' +
      'compatible.',
  }
}
