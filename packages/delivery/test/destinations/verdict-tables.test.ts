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
  ['invalid_auth', 'give_up slack_invalid_auth'],
  ['not_authed', 'give_up slack_not_authed'],
  ['account_inactive', 'give_up slack_account_inactive'],
  ['token_revoked', 'give_up slack_token_revoked'],
  ['token_expired', 'give_up slack_token_expired'],
  ['not_allowed_token_type', 'give_up slack_not_allowed_token_type'],
  ['missing_scope', 'give_up slack_missing_scope'],
  ['no_permission', 'give_up slack_no_permission'],
  ['access_denied', 'give_up slack_access_denied'],
  ['accesslimited', 'give_up slack_accesslimited'],
  ['ekm_access_denied', 'give_up slack_ekm_access_denied'],
  ['org_login_required', 'give_up slack_org_login_required'],
  ['team_added_to_org', 'retry slack_team_added_to_org'],
  ['enterprise_is_restricted', 'give_up slack_enterprise_is_restricted'],
  ['team_access_not_granted', 'give_up slack_team_access_not_granted'],
  ['two_factor_setup_required', 'give_up slack_two_factor_setup_required'],
  ['app_access_restricted', 'give_up slack_app_access_restricted'],
  ['send_on_behalf_not_allowed', 'give_up slack_send_on_behalf_not_allowed'],
  ['team_not_found', 'gone slack_team_not_found'],
  ['not_in_channel', 'give_up slack_not_in_channel'],
  ['is_archived', 'give_up slack_is_archived'],
  ['restricted_action', 'give_up slack_restricted_action'],
  ['restricted_action_read_only_channel', 'give_up slack_restricted_action_read_only_channel'],
  ['restricted_action_thread_only_channel', 'give_up slack_restricted_action_thread_only_channel'],
  ['restricted_action_thread_locked', 'give_up slack_restricted_action_thread_locked'],
  ['restricted_action_non_threadable_channel', 'give_up slack_restricted_action_non_threadable_channel'],
  ['messages_tab_disabled', 'give_up slack_messages_tab_disabled'],
  ['channel_type_not_supported', 'give_up slack_channel_type_not_supported'],
  ['duplicate_channel_not_found', 'give_up slack_duplicate_channel_not_found'],
  ['cannot_reply_to_message', 'give_up slack_cannot_reply_to_message'],
  ['message_limit_exceeded', 'retry slack_message_limit_exceeded'],
  ['msg_too_long', 'give_up slack_msg_too_long'],
  ['msg_blocks_too_long', 'give_up slack_msg_blocks_too_long'],
  ['attachment_payload_limit_exceeded', 'give_up slack_attachment_payload_limit_exceeded'],
  ['too_many_contact_cards', 'give_up slack_too_many_contact_cards'],
  ['markdown_text_conflict', 'give_up slack_markdown_text_conflict'],
  ['metadata_too_large', 'give_up slack_metadata_too_large'],
  ['invalid_metadata_format', 'give_up slack_invalid_metadata_format'],
  ['invalid_metadata_schema', 'give_up slack_invalid_metadata_schema'],
  ['metadata_must_be_sent_from_app', 'give_up slack_metadata_must_be_sent_from_app'],
  ['invalid_arguments', 'give_up slack_invalid_arguments'],
  ['invalid_arg_name', 'give_up slack_invalid_arg_name'],
  ['invalid_array_arg', 'give_up slack_invalid_array_arg'],
  ['invalid_charset', 'give_up slack_invalid_charset'],
  ['invalid_form_data', 'give_up slack_invalid_form_data'],
  ['invalid_post_type', 'give_up slack_invalid_post_type'],
  ['missing_post_type', 'give_up slack_missing_post_type'],
  ['unknown_method', 'give_up slack_unknown_method'],
  ['method_deprecated', 'give_up slack_method_deprecated'],
  ['deprecated_endpoint', 'give_up slack_deprecated_endpoint'],
  ['as_user_not_supported', 'give_up slack_as_user_not_supported'],
  ['request_timeout', 'retry slack_request_timeout'],
  ['service_unavailable', 'retry slack_service_unavailable'],
  ['internal_error', 'retry slack_internal_error'],
  ['fatal_error', 'retry slack_fatal_error'],
  ['server_error', 'retry slack_server_error'],
  ['invalid_workflow_input', 'give_up slack_invalid_workflow_input'],
  ['invalid_webhook_config', 'give_up slack_invalid_webhook_config'],
  ['parameter_validation_failed', 'give_up slack_parameter_validation_failed'],
  ['workflow_not_published', 'give_up slack_workflow_not_published'],
  ['trigger_not_found', 'gone slack_trigger_not_found'],
  ['trigger_disabled', 'give_up slack_trigger_disabled'],
  ['trigger_exception', 'retry slack_trigger_exception'],
]

const discordCodes: readonly ExpectedRow[] = [
  [10_015, 'gone discord_webhook_unknown'],
  [50_027, 'give_up discord_token_invalid'],
  [10_003, 'give_up discord_channel_unknown'],
  [10_004, 'give_up discord_server_unknown'],
  [10_008, 'give_up discord_url_invalid'],
  [50_083, 'give_up discord_thread_archived'],
  [160_005, 'give_up discord_thread_locked'],
  [160_006, 'give_up discord_threads_full'],
  [160_007, 'give_up discord_threads_full'],
  [160_004, 'give_up discord_thread_settings'],
  [40_067, 'give_up discord_tag_required'],
  [50_001, 'give_up discord_not_permitted'],
  [50_013, 'give_up discord_not_permitted'],
  [40_001, 'give_up discord_unauthorized'],
  [40_002, 'give_up discord_not_verified'],
  [40_004, 'retry discord_sending_disabled'],
  [40_006, 'retry discord_feature_disabled'],
  [50_008, 'give_up discord_channel_type'],
  [50_024, 'give_up discord_channel_type'],
  [50_068, 'give_up discord_channel_type'],
  [50_055, 'give_up discord_server_unknown'],
  [50_006, 'give_up discord_message_empty'],
  [50_035, 'give_up discord_form_invalid'],
  [50_109, 'give_up discord_json_invalid'],
  [40_005, 'give_up payload_too_large'],
  [50_045, 'give_up payload_too_large'],
  [40_333, 'give_up discord_user_agent_refused'],
  [220_001, 'give_up discord_thread_required'],
  [220_002, 'give_up discord_thread_settings'],
  [220_003, 'give_up discord_thread_settings'],
  [220_004, 'give_up discord_thread_settings'],
  [200_000, 'give_up discord_moderated'],
  [200_001, 'give_up discord_moderated'],
  [240_000, 'give_up discord_link_harmful'],
  [40_062, 'retry rate_limited'],
  [20_016, 'retry rate_limited'],
  [20_022, 'retry rate_limited'],
  [20_028, 'retry rate_limited'],
  [20_029, 'retry rate_limited'],
  [130_000, 'retry discord_overloaded'],
]

const hubspotByCategory: readonly ExpectedRow[] = [
  ['INVALID_AUTHENTICATION', 'give_up hubspot_unauthorized'],
  ['EXPIRED_AUTHENTICATION', 'give_up hubspot_unauthorized'],
  ['CONFLICT', 'give_up hubspot_contact_exists'],
  ['OBJECT_ALREADY_EXISTS', 'give_up hubspot_contact_exists'],
  ['OBJECT_NOT_FOUND', 'give_up hubspot_path_unknown'],
  ['RATE_LIMITS', 'retry rate_limited'],
  ['MIGRATION_IN_PROGRESS', 'retry hubspot_migrating'],
  ['RESOURCE_LOCKED', 'retry hubspot_locked'],
  ['BANNED', 'give_up hubspot_account_blocked'],
  ['DISABLED', 'give_up hubspot_account_blocked'],
  ['ACCOUNT_DISABLED', 'give_up hubspot_account_blocked'],
  ['FORBIDDEN', 'give_up hubspot_not_allowed'],
  ['ACCESS_DENIED', 'give_up hubspot_not_allowed'],
  ['USER_DOES_NOT_HAVE_PERMISSIONS', 'give_up hubspot_not_allowed'],
  ['PERMISSION_DENIED', 'give_up hubspot_not_allowed'],
  ['INVALID_PORTAL', 'give_up hubspot_account_blocked'],
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
  ['INVALID_DATE_TIME', 'give_up hubspot_property_type'],
  ['INVALID_TIMESTAMP', 'give_up hubspot_property_type'],
  ['INVALID_DOUBLE', 'give_up hubspot_property_type'],
  ['INVALID_FLOAT', 'give_up hubspot_property_type'],
  ['INVALID_BOOLEAN', 'give_up hubspot_property_type'],
  ['INVALID_OWNER_ID', 'give_up hubspot_property_type'],
  ['PROPERTY_LENGTH_TOO_LONG', 'give_up hubspot_value_too_long'],
  ['VALUE_TOO_LONG', 'give_up hubspot_value_too_long'],
  ['TOO_LONG', 'give_up hubspot_value_too_long'],
  ['REQUIRED_PROPERTY', 'give_up hubspot_property_required'],
  ['REQUIRED_FIELD', 'give_up hubspot_property_required'],
  ['MISSING_REQUIRED_PROPERTY', 'give_up hubspot_property_required'],
  ['CONFLICTING_UNIQUE_VALUE', 'give_up hubspot_value_taken'],
]

const salesforceByCode: readonly ExpectedRow[] = [
  ['UNABLE_TO_LOCK_ROW', 'retry salesforce_row_locked'],
  ['SERVER_UNAVAILABLE', 'retry salesforce_unavailable'],
  ['UNKNOWN_EXCEPTION', 'retry salesforce_unavailable'],
  ['INTERNAL_SERVER_ERROR', 'retry salesforce_unavailable'],
  ['DATACLOUD_API_UNAVAILABLE', 'retry salesforce_unavailable'],
  ['REQUEST_RUNNING_TOO_LONG', 'retry salesforce_too_slow'],
  ['QUERY_TIMEOUT', 'retry salesforce_too_slow'],
  ['EXCEEDED_MAX_TRANSACTION_TIME', 'retry salesforce_too_slow'],
  ['APEX_CPU_LIMIT_EXCEEDED', 'retry salesforce_too_slow'],
  ['LIMIT_EXCEEDED', 'retry salesforce_too_slow'],
  ['TXN_SECURITY_METERING_ERROR', 'retry salesforce_unavailable'],
  ['ENTITY_IS_LOCKED', 'retry salesforce_record_locked'],
  ['INVALID_SESSION_ID', 'give_up salesforce_session_invalid'],
  ['INVALID_AUTH_HEADER', 'give_up salesforce_session_invalid'],
  ['REQUIRED_FIELD_MISSING', 'give_up salesforce_field_required'],
  ['INVALID_FIELD', 'give_up salesforce_field_missing'],
  ['INVALID_FIELD_FOR_INSERT_UPDATE', 'give_up salesforce_field_read_only'],
  ['DUPLICATE_VALUE', 'give_up salesforce_duplicate'],
  ['DUPLICATE_EXTERNAL_ID', 'give_up salesforce_several_match'],
  ['DUPLICATES_DETECTED', 'give_up salesforce_duplicate_rule'],
  ['CANNOT_UPDATE_CONVERTED_LEAD', 'give_up salesforce_lead_converted'],
  ['ENTITY_IS_DELETED', 'give_up salesforce_record_deleted'],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'give_up salesforce_validation_rule'],
  ['FIELD_FILTER_VALIDATION_EXCEPTION', 'give_up salesforce_validation_rule'],
  ['FIELD_INTEGRITY_EXCEPTION', 'give_up salesforce_field_integrity'],
  ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'give_up salesforce_picklist_restricted'],
  ['STRING_TOO_LONG', 'give_up salesforce_text_too_long'],
  ['NUMBER_OUTSIDE_VALID_RANGE', 'give_up salesforce_number_out_of_range'],
  ['INVALID_TYPE_ON_FIELD_IN_RECORD', 'give_up salesforce_field_type'],
  ['INVALID_CROSS_REFERENCE_KEY', 'give_up salesforce_reference_invalid'],
  ['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'give_up salesforce_reference_invalid'],
  ['INVALID_EMAIL_ADDRESS', 'give_up salesforce_email_invalid'],
  ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'give_up salesforce_trigger_failed'],
  ['CANNOT_EXECUTE_FLOW_TRIGGER', 'give_up salesforce_trigger_failed'],
  ['APEX_ERROR', 'give_up salesforce_trigger_failed'],
  ['FLOW_EXCEPTION', 'give_up salesforce_trigger_failed'],
  ['PROCESSING_HALTED', 'give_up salesforce_trigger_failed'],
  ['INACTIVE_OWNER_OR_USER', 'give_up salesforce_owner_inactive'],
  ['OP_WITH_INVALID_USER_TYPE_EXCEPTION', 'give_up salesforce_owner_inactive'],
  ['UNKNOWN_OWNER', 'give_up salesforce_owner_inactive'],
  ['JSON_PARSER_ERROR', 'give_up salesforce_body_refused'],
  ['INVALID_CONTENT_TYPE', 'give_up salesforce_body_refused'],
  ['UNSUPPORTED_MEDIA_TYPE', 'give_up salesforce_body_refused'],
  ['MALFORMED_ID', 'give_up salesforce_id_malformed'],
  ['INVALID_ID_FIELD', 'give_up salesforce_id_malformed'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'give_up salesforce_access_denied'],
  ['INSUFFICIENT_ACCESS', 'give_up salesforce_access_denied'],
  ['FORBIDDEN', 'give_up salesforce_access_denied'],
  ['CANNOT_POST_TO_ARCHIVED_GROUP', 'give_up salesforce_access_denied'],
  ['INVALID_TYPE', 'give_up salesforce_object_unknown'],
  ['INVALID_TYPE_FOR_OPERATION', 'give_up salesforce_object_unknown'],
  ['METHOD_NOT_ALLOWED', 'give_up salesforce_url_wrong'],
  ['URL_NOT_RESET', 'give_up salesforce_url_wrong'],
  ['UNSUPPORTED_API_VERSION', 'give_up salesforce_version_unknown'],
  ['ILLEGAL_QUERY_PARAMETER_VALUE', 'give_up salesforce_version_unknown'],
  ['API_DISABLED_FOR_ORG', 'give_up salesforce_api_disabled'],
  ['API_CURRENTLY_DISABLED', 'retry salesforce_unavailable'],
  ['API_NOT_ENABLED', 'give_up salesforce_api_disabled'],
  ['ORG_LOCKED', 'give_up salesforce_organisation_locked'],
  ['TRIAL_EXPIRED', 'give_up salesforce_organisation_locked'],
  ['PASSWORD_LOCKOUT', 'give_up salesforce_user_locked'],
  ['STORAGE_LIMIT_EXCEEDED', 'give_up salesforce_storage_full'],
]

const authorizationByError: readonly ExpectedRow[] = [
  ['invalid_client', 'give_up authorization_invalid_client'],
  ['invalid_client_id', 'give_up authorization_invalid_client'],
  ['invalid_client_credentials', 'give_up authorization_invalid_client'],
  ['invalid_grant', 'give_up authorization_invalid_grant'],
  ['app_not_found', 'give_up authorization_app_not_found'],
  ['oauth_ec_app_not_found', 'give_up authorization_app_not_found'],
  ['oauth_app_not_found', 'give_up authorization_app_not_found'],
  ['external_client_app_not_found', 'give_up authorization_app_not_found'],
  ['oauth_app_blocked', 'give_up authorization_app_blocked'],
  ['oauth_app_access_denied', 'give_up authorization_app_blocked'],
  ['oauth_approval_error_generic', 'give_up authorization_app_blocked'],
  ['oauth_ec_app_blocked', 'give_up authorization_app_blocked'],
  ['invalid_assertion', 'give_up authorization_assertion_refused'],
  ['invalid_assertion_type', 'give_up authorization_assertion_refused'],
  ['invalid_audience', 'give_up authorization_audience_refused'],
  ['user_not_approved', 'give_up authorization_user_not_approved'],
  ['no_run_as_user', 'give_up authorization_no_run_as_user'],
  ['domain_not_supported', 'give_up authorization_domain_not_supported'],
  ['ip_restricted', 'give_up authorization_ip_restricted'],
  ['access_denied', 'give_up authorization_app_blocked'],
  ['redirect_uri_mismatch', 'give_up authorization_flow_not_allowed'],
  ['unsupported_response_type', 'give_up authorization_flow_not_allowed'],
  ['invalid_request', 'give_up authorization_request_invalid'],
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
