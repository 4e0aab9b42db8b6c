import { describe, expect, test } from 'vitest'
import type { AuthorizationFailure } from '../../src/deliver/outcome.ts'
import type { Destination } from '../../src/destinations/destination.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import { discordRules } from '../../src/destinations/discord/discord-rules.ts'
import { hubspotCrm, hubspotCrmAdjustments } from '../../src/destinations/hubspot/hubspot-crm.ts'
import { hubspotCodeRules } from '../../src/destinations/hubspot/hubspot-codes.ts'
import { hubspotCategoryRules } from '../../src/destinations/hubspot/hubspot-rules.ts'
import { authorizationRules } from '../../src/destinations/judge-authorization.ts'
import { statusRules } from '../../src/destinations/judge-by-status.ts'
import {
  salesforceUpsert,
  salesforceUpsertAdjustments,
} from '../../src/destinations/salesforce/salesforce-upsert.ts'
import { salesforceRules } from '../../src/destinations/salesforce/salesforce-rules.ts'
import { slackRules } from '../../src/destinations/slack/slack-rules.ts'
import { judge } from '../../src/deliver/judge.ts'
import type { Verdict } from '../../src/deliver/verdict.ts'
import {
  authorizationByError,
  byStatus,
  discordCodes,
  hubspotByCategory,
  hubspotByCode,
  salesforceByCode,
  slackWords,
  type ExpectedRow,
} from './expected-verdicts.ts'
import { brief, failureIn, now, verdictOn } from './response-factory.ts'

// The verdicts of a CRM mode that differ from those of the plain mode.
const crmHubspot = hubspotCrm({ kind: 'access_token', access_token: 'pat-1' })
const crmSalesforce = salesforceUpsert({ kind: 'client_credentials', client_id: 'a', client_secret: 'b' })
const [plainHubspot, plainSalesforce] = [destinationOf('hubspot'), destinationOf('salesforce')]

const hubspotValidation = (code: string, ...propertyName: string[]): object => ({
  category: 'VALIDATION_ERROR',
  errors: [{ code, context: { propertyName } }],
})
const salesforceError = (errorCode: string | number): object => [{ errorCode, message: '', fields: [] }]

const tables: readonly [
  string,
  readonly ExpectedRow[],
  ReadonlyMap<unknown, unknown>,
  (key: never) => Verdict,
][] = [
  ['a status', byStatus, statusRules, (status: number) => verdictOn(destinationOf('custom'), status)],
  [
    'Slack’s error word',
    slackWords,
    slackRules,
    (word: string) => verdictOn(destinationOf('slack'), 400, word),
  ],
  [
    'Discord’s code',
    discordCodes,
    discordRules,
    (code: number) => verdictOn(destinationOf('discord'), 400, { code, message: '' }),
  ],
  [
    'HubSpot’s category',
    hubspotByCategory,
    hubspotCategoryRules,
    (category: string) => verdictOn(plainHubspot, 400, { category }),
  ],
  [
    'HubSpot’s code',
    hubspotByCode,
    hubspotCodeRules,
    (code: string) => verdictOn(plainHubspot, 400, hubspotValidation(code, 'ghost_score')),
  ],
  [
    'Salesforce’s errorCode',
    salesforceByCode,
    salesforceRules,
    (code: string) => verdictOn(plainSalesforce, 400, salesforceError(code)),
  ],
  [
    'a token endpoint’s error',
    authorizationByError,
    authorizationRules,
    (error: string) => {
      const failure: AuthorizationFailure = { kind: 'refused', status: 400, error, retryAfter: null }
      return judge({ kind: 'authorization_failed', failure }, plainSalesforce, {
        repeatUnknownOutcomes: false,
        now,
      })
    },
  ],
]

/** Expects a valid cause and two different sentences as message and remedy. */
function expectSound(verdict: Verdict): void {
  const { cause, message, remedy } = failureIn(verdict)
  expect(cause).toMatch(/^[a-z][a-z0-9_]{2,60}$/)
  for (const text of [message, remedy]) expect(text).toMatch(/^[A-Z].{10,}\.$/)
  expect(remedy).not.toBe(message)
}

describe.each(tables)('%s', (_name, rows, table, judged) => {
  test.each(rows)('%s means “%s” and has a remedy', (key, expected) => {
    const verdict = judged(key as never)
    expect(brief(verdict)).toBe(expected)
    expectSound(verdict)
  })

  test('has exactly the rows of this list', () => {
    expect(new Set<unknown>(rows.map(([key]) => key))).toEqual(new Set(table.keys()))
  })
})

describe('a CRM mode', () => {
  const cases: readonly [Destination, string, Verdict, string][] = [
    [crmHubspot, 'hubspot_unauthorized', verdictOn(crmHubspot, 401, ''), 'give_up hubspot_unauthorized'],
    [crmHubspot, 'hubspot_contact_exists', verdictOn(crmHubspot, 409, ''), 'retry hubspot_conflict'],
    [
      crmHubspot,
      'hubspot_value_taken',
      verdictOn(crmHubspot, 400, hubspotValidation('CONFLICTING_UNIQUE_VALUE', 'email')),
      'retry hubspot_conflict',
    ],
    [
      crmHubspot,
      'hubspot_property_read_only',
      verdictOn(crmHubspot, 400, hubspotValidation('READ_ONLY_VALUE', 'email')),
      'give_up hubspot_property_read_only',
    ],
    [
      crmHubspot,
      'hubspot_validation',
      verdictOn(crmHubspot, 400, hubspotValidation('SOMETHING_NEW')),
      'give_up hubspot_validation',
    ],
    [
      crmSalesforce,
      'salesforce_session_invalid',
      verdictOn(crmSalesforce, 401, salesforceError('INVALID_SESSION_ID')),
      'give_up salesforce_session_refused',
    ],
    [crmSalesforce, 'unauthorized', verdictOn(crmSalesforce, 401), 'give_up salesforce_session_refused'],
    [
      crmSalesforce,
      'salesforce_duplicate',
      verdictOn(crmSalesforce, 400, salesforceError('DUPLICATE_VALUE')),
      'retry salesforce_duplicate_race',
    ],
    [crmSalesforce, 'not_found', verdictOn(crmSalesforce, 404), 'give_up salesforce_external_id_missing'],
  ]

  test.each(cases)('adjusts the verdict of a cause: %#', (_destination, _cause, verdict, expected) => {
    expect(brief(verdict)).toBe(expected)
    expectSound(verdict)
  })

  test('changes only these causes', () => {
    const changed = [...Object.keys(hubspotCrmAdjustments), ...Object.keys(salesforceUpsertAdjustments)]
    expect(cases.map(([, cause]) => cause).toSorted()).toEqual(changed.toSorted())
  })
})
