import type { UrlProblem } from '../destination.ts'

const discordHost = /(?:^|\.)(?:discord|discordapp)\.(?:com|gg)$/
const webhookPath = /^\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+(?:\/(?:slack|github))?\/?$/
const expected = "the URL of a webhook from the channel's settings, as in https://discord.com/api/webhooks/…"

/** Reports pages of Discord, such as that of a channel, which take no messages. */
export function checkDiscordUrl({ hostname, pathname }: URL): UrlProblem | null {
  if (discordHost.test(hostname)) return webhookPath.test(pathname) ? null : { expected }
  return /\/webhooks\//.test(pathname)
    ? null
    : { warning: 'This is neither a host of Discord nor the path of one of its webhooks.' }
}
