/** Who can correct the cause of a failure. */
export const responsiblePersons = [
  /** Nobody needs to act: the system retries by itself. */
  'nobody',
  /** Who manages the destination here: its URL, credentials and settings. */
  'destination_owner',
  /** An administrator of the tool: its fields, rules, users and limits. */
  'tool_administrator',
  /** Who operates the receiver. */
  'receiver_operator',
  /** Who keeps the data of the visitors on the site. */
  'site_owner',
  /** Who operates this installation. */
  'installation_operator',
  /** Who develops Ghostpost. */
  'developer',
] as const

export type Responsible = (typeof responsiblePersons)[number]

/** By cause, without the prefix of its type. The first match counts. */
const byCause: readonly (readonly [shape: RegExp, Responsible])[] = [
  [/address_forbidden|egress_|lookup_not_started|interrupted/, 'installation_operator'],
  [/email_invalid|visitor_gone/, 'site_owner'],
  [
    /message_empty|form_invalid|json_invalid|user_agent_refused|invalid_payload|no_text|invalid_blocks/,
    'developer',
  ],
  [/missing_text|too_many_|msg_|metadata|markdown_text/, 'developer'],
  [
    /webhook|token|url|path|session|unauthorized|channel_unknown|thread|client|app_not_found|assertion|audience/,
    'destination_owner',
  ],
  [
    /key_unusable|endpoint|version|id_malformed|form_not|redirect|destination_gone|no_service|no_team/,
    'destination_owner',
  ],
  [
    /channel_(?:not_found|is_archived)|is_archived|_arg|post_type|method|auth$|authed|answer_unreadable/,
    'destination_owner',
  ],
  [/^(?:hubspot|salesforce|slack|discord|authorization)_/, 'tool_administrator'],
]

/**
 * Who can correct a failure.
 * @param decision that of the attempt
 */
export function responsibleFor(cause: string, decision: string): Responsible {
  if (decision === 'retry') return 'nobody'
  return byCause.find(([shape]) => shape.test(cause))?.[1] ?? 'receiver_operator'
}
