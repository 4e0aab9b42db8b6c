import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './markdown.ts'

const sourceOf = (file: string): string =>
  readFileSync(join(repository, `packages/delivery/src/destinations/${file}.ts`), 'utf8')

/** Matches the cause in a table row, which follows the decision. */
const causesInRows = (text: string): string[] =>
  [...text.matchAll(/'(?:give_up|retry|receiver_gone)',\s*'([a-z_]+)'/g)].map(([, cause]) => cause ?? '')

const wholeCauses = (text: string): string[] =>
  [...text.matchAll(/['"]((?:hubspot|salesforce|discord)_[a-z_]+)['"]/g)].map(([, cause]) => cause ?? '')

function hubspotCauses(): string[] {
  return ['hubspot/hubspot', 'hubspot/hubspot-crm'].flatMap((file) => wholeCauses(sourceOf(file)))
}

function salesforceCauses(): string[] {
  const own = ['salesforce/salesforce', 'salesforce/salesforce-upsert'].flatMap((file) => {
    const text = sourceOf(file)
    return [...wholeCauses(text), ...causesInRows(text).map((row) => `salesforce_${row}`)]
  })
  return [...own, ...causesInRows(sourceOf('judge-authorization')).map((row) => `authorization_${row}`)]
}

/** A status of the tool for "too many requests" has the general cause `rate_limited`. */
const mappedToRateLimited: ReadonlySet<string> = new Set(['slack_rate_limited', 'slack_ratelimited'])

function slackCauses(): string[] {
  const words = [...sourceOf('slack/slack').matchAll(/^ {2}\[\s*'([a-z_]+)'/gm)].map(
    ([, word]) => `slack_${word}`,
  )
  return words.filter((cause) => !mappedToRateLimited.has(cause))
}

/** Reads from the source which causes each destination type has besides the general ones. */
export const causesOf: Readonly<Record<string, readonly string[]>> = {
  custom: causesInRows(sourceOf('judge-by-status')),
  discord: wholeCauses(sourceOf('discord/discord')),
  hubspot: hubspotCauses(),
  salesforce: salesforceCauses(),
  slack: slackCauses(),
}
