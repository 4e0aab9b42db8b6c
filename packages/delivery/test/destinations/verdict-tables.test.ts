import { describe, expect, test } from 'vitest'
import type { AuthorizationFailure } from '../../src/deliver/outcome.ts'
import type { Destination } from '../../src/destinations/destination.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import { discordRules } from '../../src/destinations/discord/discord-rules.ts'
import { hubspotCrm, hubspotCrmAdjustments } from '../../src/destinations/hubspot/hubspot-crm.ts'
import { hubspotCategoryRules, hubspotCodeRules } from '../../src/destinations/hubspot/hubspot-rules.ts'
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
import { brief, failureIn, now, verdictOn } from './response-factory.ts'

/** One row of a verdict table: its key and its expected verdict. */
type ExpectedRow = readonly [key: string | number, expected: string]

// Copied by hand from the sources named at the tables. A row without a line here fails the test, and a line without a
// row does, too.
const byStatus: readonly ExpectedRow[] = [
  [400, 'give_up bad_request'],
  [401, 'give_up unauthorized'],
  [403, 'give_up forbidden'],
  [404, 'give_up not_found'],
  [405, 'give_up method_not_allowed'],
  [408, 'retry receiver_timeout'],
  [409, 'give_up conflict'],
  [410, 'gone receiver_gone'],
  [413, 'give_up payload_too_large'],
  [414, 'give_up url_too_long'],
  [415, 'give_up unsupported_media_type'],
  [422, 'give_up payload_rejected'],
  [425, 'retry too_early'],
  [429, 'retry rate_limited'],
  [431, 'give_up headers_too_large'],
  [501, 'give_up not_implemented'],
  [502, 'retry receiver_unavailable'],
  [503, 'retry receiver_unavailable'],
  [504, 'retry receiver_unavailable'],
  [505, 'give_up http_version_unsupported'],
]

const slackWords: readonly ExpectedRow[] = [
  ['invalid_payload', 'give_up slack_invalid_payload'],
  ['no_text', 'give_up slack_no_text'],
  ['missing_text_or_fallback_or_attachments', 'give_up slack_missing_text_or_fallback_or_attachments'],
  ['invalid_blocks', 'give_up slack_invalid_blocks'],
  ['invalid_blocks_format', 'give_up slack_invalid_blocks_format'],
  ['too_many_attachments', 'give_up slack_too_many_attachments'],
  ['user_not_found', 'give_up slack_user_not_found'],
  ['action_prohibited', 'give_up slack_action_prohibited'],
  ['posting_to_general_channel_denied', 'give_up slack_posting_to_general_channel_denied'],
  ['no_team', 'gone slack_no_team'],
  ['no_service_id', 'gone slack_no_service_id'],
  ['no_service', 'gone slack_no_service'],
  ['no_active_hooks', 'gone slack_no_active_hooks'],
  ['invalid_token', 'gone slack_invalid_token'],
  ['team_disabled', 'gone slack_team_disabled'],
  ['channel_not_found', 'gone slack_channel_not_found'],
  ['channel_is_archived', 'gone slack_channel_is_archived'],
  ['rollup_error', 'retry slack_rollup_error'],
  ['rate_limited', 'retry rate_limited'],
  ['ratelimited', 'retry rate_limited'],
]

const discordCodes: readonly ExpectedRow[] = [
  [10_015, 'gone discord_webhook_unknown'],
  [50_027, 'gone discord_token_invalid'],
  [50_006, 'give_up discord_message_empty'],
  [50_035, 'give_up discord_form_invalid'],
  [50_109, 'give_up discord_json_invalid'],
  [40_005, 'give_up payload_too_large'],
  [40_333, 'give_up discord_user_agent_refused'],
  [220_001, 'give_up discord_thread_required'],
  [220_002, 'give_up discord_thread_settings'],
  [220_003, 'give_up discord_thread_settings'],
  [220_004, 'give_up discord_thread_settings'],
  [200_000, 'give_up discord_moderated'],
  [200_001, 'give_up discord_moderated'],
  [240_000, 'give_up discord_link_harmful'],
  [40_062, 'retry rate_limited'],
  [20_028, 'retry rate_limited'],
  [20_029, 'retry rate_limited'],
  [130_000, 'retry discord_overloaded'],
]

const hubspotByCategory: readonly ExpectedRow[] = [
  ['INVALID_AUTHENTICATION', 'give_up hubspot_unauthorized'],
  ['EXPIRED_AUTHENTICATION', 'give_up hubspot_unauthorized'],
  ['CONFLICT', 'give_up hubspot_contact_exists'],
  ['OBJECT_ALREADY_EXISTS', 'give_up hubspot_contact_exists'],
  ['INTERNAL_ERROR', 'retry hubspot_internal_error'],
  ['MISSING_SCOPES', 'give_up hubspot_scope_missing'],
]

const hubspotByCode: readonly ExpectedRow[] = [
  ['PROPERTY_DOESNT_EXIST', 'give_up hubspot_property_missing'],
  ['INVALID_OPTION', 'give_up hubspot_option_invalid'],
  ['INVALID_EMAIL', 'give_up hubspot_email_invalid'],
  ['READ_ONLY_VALUE', 'give_up hubspot_property_read_only'],
  ['INVALID_LONG', 'give_up hubspot_property_type'],
  ['INVALID_INTEGER', 'give_up hubspot_property_type'],
  ['INVALID_NUMBER', 'give_up hubspot_property_type'],
  ['INVALID_DATE', 'give_up hubspot_property_type'],
]

const salesforceByCode: readonly ExpectedRow[] = [
  ['UNABLE_TO_LOCK_ROW', 'retry salesforce_row_locked'],
  ['SERVER_UNAVAILABLE', 'retry salesforce_unavailable'],
  ['INVALID_SESSION_ID', 'give_up salesforce_session_invalid'],
  ['REQUIRED_FIELD_MISSING', 'give_up salesforce_field_required'],
  ['INVALID_FIELD', 'give_up salesforce_field_missing'],
  ['DUPLICATE_VALUE', 'give_up salesforce_duplicate'],
  ['DUPLICATES_DETECTED', 'give_up salesforce_duplicate_rule'],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'give_up salesforce_validation_rule'],
  ['FIELD_INTEGRITY_EXCEPTION', 'give_up salesforce_field_integrity'],
  ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'give_up salesforce_picklist_restricted'],
  ['STRING_TOO_LONG', 'give_up salesforce_text_too_long'],
  ['INVALID_EMAIL_ADDRESS', 'give_up salesforce_email_invalid'],
  ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'give_up salesforce_trigger_failed'],
  ['JSON_PARSER_ERROR', 'give_up salesforce_body_refused'],
  ['MALFORMED_ID', 'give_up salesforce_id_malformed'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'give_up salesforce_access_denied'],
  ['API_DISABLED_FOR_ORG', 'give_up salesforce_api_disabled'],
  ['STORAGE_LIMIT_EXCEEDED', 'give_up salesforce_storage_full'],
]

const authorizationByError: readonly ExpectedRow[] = [
  ['invalid_client', 'give_up authorization_invalid_client'],
  ['invalid_client_id', 'give_up authorization_invalid_client'],
  ['invalid_client_credentials', 'give_up authorization_invalid_client'],
  ['invalid_grant', 'give_up authorization_invalid_grant'],
  ['inactive_user', 'give_up authorization_user_inactive'],
  ['inactive_org', 'give_up authorization_user_inactive'],
  ['unauthorized_client', 'give_up authorization_flow_not_allowed'],
  ['unsupported_grant_type', 'give_up authorization_flow_not_allowed'],
  ['invalid_app_access', 'give_up authorization_flow_not_allowed'],
  ['invalid_scope', 'give_up authorization_flow_not_allowed'],
  ['rate_limit_exceeded', 'retry authorization_unavailable'],
  ['temporarily_unavailable', 'retry authorization_unavailable'],
  ['server_error', 'retry authorization_unavailable'],
]

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
      'hubspot_option_invalid',
      verdictOn(crmHubspot, 400, hubspotValidation('INVALID_OPTION', 'ghost_source')),
      'give_up hubspot_option_invalid',
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
      verdictOn(crmHubspot, 400, hubspotValidation('SOMETHING_NEW', 'email')),
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
