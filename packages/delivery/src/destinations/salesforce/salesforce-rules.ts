import {
  fieldIntegrity,
  fieldReadOnly,
  invalidField,
  numberOutOfRange,
  requiredFieldMissing,
  restrictedPicklist,
  textTooLong,
  validationRule,
  wrongReference,
  wrongType,
  type SalesforceRule,
} from './describe-fields.ts'
import { externalIdRule, recordDeleted, verdictRuleOf, versionUnknown } from './missing-resource.ts'

export type DescribeError = (fields: readonly string[], message: string) => SalesforceRule

const retriedText = 'The system retries by itself.'

const rowLocked: SalesforceRule = [
  'retry',
  'row_locked',
  'Another change locks this Lead in Salesforce.',
  `${retriedText} If this persists, look for flows, triggers or jobs that lock Leads for long.`,
]
const unavailable: SalesforceRule = [
  'retry',
  'unavailable',
  'Salesforce is not available right now.',
  `${retriedText} If this persists, check Salesforce's status page.`,
]
const tooSlow: SalesforceRule = [
  'retry',
  'too_slow',
  'Salesforce took too long for this request.',
  `${retriedText} If this persists, look for slow flows and triggers on Lead.`,
]
const recordLocked: SalesforceRule = [
  'retry',
  'record_locked',
  'The record is locked in Salesforce, for example by an approval process.',
  `${retriedText} If this persists, unlock the record or finish its approval.`,
]
const automationFailed: SalesforceRule = [
  'give_up',
  'trigger_failed',
  'A trigger or flow in Salesforce failed on this Lead.',
  "Look for the error in the organisation's triggers and flows on Lead.",
]
const ownerInactive: SalesforceRule = [
  'give_up',
  'owner_inactive',
  'The Lead belongs to a Salesforce user or queue that is not active.',
  'Give the Lead an active owner, and check the assignment rules of Leads.',
]
const accessDenied: SalesforceRule = [
  'give_up',
  'access_denied',
  'Salesforce does not let this user write Leads.',
  'Give the user the permission to create and edit Leads.',
]
const typeUnknown: SalesforceRule = [
  'give_up',
  'object_unknown',
  'Salesforce has no such object, or the user may not see it.',
  'Correct the object in the webhook URL, and give the user access to Leads.',
]
const bodyRefused: SalesforceRule = [
  'give_up',
  'body_refused',
  'Salesforce cannot read a value of this body.',
  'Make Ghost_Score__c, Ghost_Sessions__c and Ghost_Pageviews__c numbers in Salesforce.',
]
const convertedLead: SalesforceRule = [
  'give_up',
  'lead_converted',
  'The Lead was converted, and Salesforce accepts no changes of a converted Lead.',
  "Let the user read converted Leads and edit Contacts, so that the Lead's Contact is updated.",
]

/**
 * By errorCode and not by status, because UNABLE_TO_LOCK_ROW has status 400 but is temporary.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 */
export const salesforceRules: ReadonlyMap<string, SalesforceRule | DescribeError> = new Map<
  string,
  SalesforceRule | DescribeError
>([
  ['UNABLE_TO_LOCK_ROW', rowLocked],
  ['SERVER_UNAVAILABLE', unavailable],
  ['UNKNOWN_EXCEPTION', unavailable],
  ['INTERNAL_SERVER_ERROR', unavailable],
  ['DATACLOUD_API_UNAVAILABLE', unavailable],
  ['REQUEST_RUNNING_TOO_LONG', tooSlow],
  ['QUERY_TIMEOUT', tooSlow],
  ['EXCEEDED_MAX_TRANSACTION_TIME', tooSlow],
  ['APEX_CPU_LIMIT_EXCEEDED', tooSlow],
  ['LIMIT_EXCEEDED', tooSlow],
  ['TXN_SECURITY_METERING_ERROR', unavailable],
  ['ENTITY_IS_LOCKED', recordLocked],
  [
    'INVALID_SESSION_ID',
    [
      'give_up',
      'session_invalid',
      'Salesforce requires a session for this URL, and the request had none.',
      'Use a saved destination with credentials, or the URL of an Apex REST class on a public Salesforce site.',
    ],
  ],
  [
    'INVALID_AUTH_HEADER',
    [
      'give_up',
      'session_invalid',
      'Salesforce cannot read the authorization header.',
      'Remove the custom authorization header, or use a saved destination with credentials.',
    ],
  ],
  ['REQUIRED_FIELD_MISSING', requiredFieldMissing],
  ['INVALID_FIELD', invalidField],
  ['INVALID_FIELD_FOR_INSERT_UPDATE', fieldReadOnly],
  [
    'DUPLICATE_VALUE',
    [
      'give_up',
      'duplicate',
      'Salesforce already has a Lead with this visitor id.',
      'To update the Lead, use a saved destination with credentials. Otherwise there is nothing to do.',
    ],
  ],
  [
    'DUPLICATE_EXTERNAL_ID',
    [
      'give_up',
      'several_match',
      'Several Leads have this visitor id, and Salesforce changed none of them.',
      'Make Ghost_Visitor_ID__c unique in Salesforce.',
    ],
  ],
  [
    'DUPLICATES_DETECTED',
    [
      'give_up',
      'duplicate_rule',
      'A duplicate rule in Salesforce refuses this Lead.',
      [
        'Merge the records it found, or change the duplicate rule to allow it.',
        'The custom header Sforce-Duplicate-Rule-Header: allowSave=true saves the Lead all the same.',
      ].join(' '),
    ],
  ],
  ['CANNOT_UPDATE_CONVERTED_LEAD', convertedLead],
  ['ENTITY_IS_DELETED', recordDeleted],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', validationRule],
  ['FIELD_FILTER_VALIDATION_EXCEPTION', validationRule],
  ['FIELD_INTEGRITY_EXCEPTION', fieldIntegrity],
  ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', restrictedPicklist],
  ['STRING_TOO_LONG', textTooLong],
  ['NUMBER_OUTSIDE_VALID_RANGE', numberOutOfRange],
  ['INVALID_TYPE_ON_FIELD_IN_RECORD', wrongType],
  ['INVALID_CROSS_REFERENCE_KEY', wrongReference],
  ['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', wrongReference],
  [
    'INVALID_EMAIL_ADDRESS',
    [
      'give_up',
      'email_invalid',
      "Salesforce refuses the visitor's e-mail address.",
      "Correct the visitor's e-mail address on the site, and export the visitor again.",
    ],
  ],
  ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', automationFailed],
  ['CANNOT_EXECUTE_FLOW_TRIGGER', automationFailed],
  ['APEX_ERROR', automationFailed],
  ['FLOW_EXCEPTION', automationFailed],
  ['PROCESSING_HALTED', automationFailed],
  ['INACTIVE_OWNER_OR_USER', ownerInactive],
  ['OP_WITH_INVALID_USER_TYPE_EXCEPTION', ownerInactive],
  ['UNKNOWN_OWNER', ownerInactive],
  ['JSON_PARSER_ERROR', bodyRefused],
  [
    'INVALID_CONTENT_TYPE',
    [
      'give_up',
      'body_refused',
      'Salesforce does not accept the content type.',
      'Use the URL of the REST API for Leads, and no custom content-type header.',
    ],
  ],
  [
    'UNSUPPORTED_MEDIA_TYPE',
    [
      'give_up',
      'body_refused',
      'Salesforce does not accept the content type.',
      'Use the URL of the REST API for Leads, and no custom content-type header.',
    ],
  ],
  ['MALFORMED_ID', ['give_up', 'id_malformed', 'Salesforce finds a malformed id.', 'Check the webhook URL.']],
  [
    'INVALID_ID_FIELD',
    ['give_up', 'id_malformed', 'Salesforce finds a malformed id.', 'Check the webhook URL.'],
  ],
  ['INSUFFICIENT_ACCESS_OR_READONLY', accessDenied],
  ['INSUFFICIENT_ACCESS', accessDenied],
  ['FORBIDDEN', accessDenied],
  ['CANNOT_POST_TO_ARCHIVED_GROUP', accessDenied],
  ['INVALID_TYPE', typeUnknown],
  ['INVALID_TYPE_FOR_OPERATION', typeUnknown],
  [
    'METHOD_NOT_ALLOWED',
    [
      'give_up',
      'url_wrong',
      'The Salesforce URL does not accept this method.',
      'Use the URL of the REST API that ends in /sobjects/Lead.',
    ],
  ],
  [
    'URL_NOT_RESET',
    [
      'give_up',
      'url_wrong',
      'The Salesforce URL no longer exists.',
      "Use the organisation's present domain (…my.salesforce.com).",
    ],
  ],
  ['UNSUPPORTED_API_VERSION', versionUnknown],
  ['ILLEGAL_QUERY_PARAMETER_VALUE', versionUnknown],
  [
    'API_DISABLED_FOR_ORG',
    [
      'give_up',
      'api_disabled',
      'The Salesforce organisation has no API access.',
      'Use an edition of Salesforce with API access.',
    ],
  ],
  ['API_CURRENTLY_DISABLED', unavailable],
  [
    'API_NOT_ENABLED',
    [
      'give_up',
      'api_disabled',
      'The Salesforce user has no API access.',
      'Give the user the permission "API Enabled".',
    ],
  ],
  [
    'ORG_LOCKED',
    ['give_up', 'organisation_locked', 'The Salesforce organisation is locked.', "Ask Salesforce's support."],
  ],
  [
    'TRIAL_EXPIRED',
    [
      'give_up',
      'organisation_locked',
      'The trial of the Salesforce organisation has ended.',
      'Renew the licence of the Salesforce organisation.',
    ],
  ],
  [
    'PASSWORD_LOCKOUT',
    ['give_up', 'user_locked', 'The Salesforce user is locked.', 'Unlock the user in Salesforce.'],
  ],
  [
    'STORAGE_LIMIT_EXCEEDED',
    ['give_up', 'storage_full', "The Salesforce organisation's storage is full.", 'Free or buy storage.'],
  ],
])

/** The causes of the rules. A rule of `INVALID_FIELD` has one more cause for one message. */
export const salesforceRuleCauses: readonly string[] = [
  ...new Set([
    ...[
      ...salesforceRules.values(),
      invalidField([], 'should not be specified in the sobject data'),
      versionUnknown,
    ].map((rule) => verdictRuleOf(typeof rule === 'function' ? rule([], '') : rule).cause),
    externalIdRule.cause,
  ]),
]
