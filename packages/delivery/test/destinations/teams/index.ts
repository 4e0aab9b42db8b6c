import type { Destination, DestinationType } from '../../../src/destinations/destination.ts'
import { judgeByStatus } from '../../../src/destinations/judge-by-status.ts'
import type { DestinationTraits } from '../../../src/destinations/traits.ts'
import { verdictOf, type VerdictRule } from '../../../src/destinations/verdict-rule.ts'
import { lineOf, unknownText } from '../../../src/text/clip-text.ts'

/** An invented sixth type: the folder that a new type consists of. Only tests register it. */
const teamsTraits: DestinationTraits = {
  label: 'Teams',
  repeatable: false,
  oneRecordPerVisitor: false,
  showsAlerts: true,
  signed: false,
  credentialKinds: [],
  createsProperties: false,
  suggestedRateLimit: { requests: 4, per_seconds: 1 },
  limitedPerWebhook: true,
  duplicateCauses: ['teams_card_exists'],
  urlHelp: 'The URL of a Teams workflow.',
  preview: { kind: 'fields', object: 'Teams card', path: 'card' },
}

const cardExists: VerdictRule = {
  decision: 'give_up',
  cause: 'teams_card_exists',
  message: 'Teams already has this card.',
  remedy: 'Look for the card in the channel.',
}

const teamsDestination: Destination = {
  traits: teamsTraits,
  buildBody: (profile) => ({
    card: { title: 'New Lead from GHOST', visitor: lineOf(profile.ghostVid) ?? unknownText },
  }),
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse: (response, now) =>
    response.status === 418 ? verdictOf(cardExists) : judgeByStatus(response, now),
}

export const teams: DestinationType = {
  traits: teamsTraits,
  causes: [cardExists.cause],
  plain: teamsDestination,
  buildAlert: ({ headline, phase }) => ({ card: { title: headline, phase } }),
  sampleResponse: { status: 202, contentType: 'text/plain', body: '1' },
}
