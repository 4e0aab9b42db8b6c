import type { DestinationType } from '../destination.ts'
import { discordAlert } from './discord-alert.ts'
import { discordCauses, discordDestination } from './discord.ts'
import { discordMessage, renderDiscordMessage } from './discord-message.ts'
import { discordTraits } from './discord-traits.ts'
import { checkDiscordUrl } from './discord-url.ts'

export const discord: DestinationType = {
  traits: discordTraits,
  causes: discordCauses,
  plain: discordDestination,
  buildAlert: discordAlert,
  mapBody: discordMessage,
  renderMessage: renderDiscordMessage,
  checkUrl: checkDiscordUrl,
  sampleResponse: {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ id: '1100000000000000001', type: 0 }),
  },
}
