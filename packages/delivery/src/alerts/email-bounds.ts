import type { AlertRule } from './alert-rule.ts'

/** A bound on what is sent by e-mail within one hour of the clock, for all processes together. */
export interface EmailBound {
  /** What is limited. */
  subject: string
  /** How much this alert adds. */
  add: number
  max: number
}

/** A rule that flaps without a cooldown is evaluated 240 times an hour. */
const emailsOfRuleMax = 20
/** Enough for 50 rules that notify ten addresses at once. */
const addressesOfSiteMax = 500
const testsOfUserMax = 10
const testsOfSiteMax = 20

/** The bounds of every alert that is sent by e-mail: e-mails of the rule, and addresses of the site. */
export function emailBounds(
  { id, siteId }: Pick<AlertRule, 'id' | 'siteId'>,
  addresses: number,
): EmailBound[] {
  return [
    { subject: `rule:${id}`, add: 1, max: emailsOfRuleMax },
    { subject: `site:${siteId}`, add: addresses, max: addressesOfSiteMax },
  ]
}

/** The bounds of a test besides: a person sends tests on purpose, and as fast as they can. */
export function testBounds(userId: string, siteId: number): EmailBound[] {
  return [
    { subject: `tests of user:${userId}`, add: 1, max: testsOfUserMax },
    { subject: `tests of site:${siteId}`, add: 1, max: testsOfSiteMax },
  ]
}

/** Shown with an alert that was not sent because of a bound. */
export const emailsBoundedError =
  'Not sent: this rule or its site has sent as many e-mails in this hour as it may. See docs/alerts.md.'
