export const receiverUrlLengthMax = 2_048

export type ReceiverUrlProblem =
  | 'too_long'
  | 'not_absolute'
  | 'scheme_not_http'
  | 'has_userinfo'
  | 'control_characters'

export const receiverUrlProblems: Readonly<Record<ReceiverUrlProblem, string>> = {
  too_long: `at most ${receiverUrlLengthMax} characters`,
  not_absolute: 'an absolute http or https URL',
  scheme_not_http: 'an http or https URL',
  has_userinfo: 'a URL without user name and password',
  control_characters: 'a URL without spaces or control characters at its ends or inside',
}

export type ParsedReceiverUrl = { ok: true; url: URL } | { ok: false; problem: ReceiverUrlProblem }

/** Reads a receiver's URL as the contract defines it. Where its host may lie is the address policy's business. */
export function parseReceiverUrl(text: string): ParsedReceiverUrl {
  if (text.length > receiverUrlLengthMax) return { ok: false, problem: 'too_long' }
  // `new URL` silently drops these; what the caller wrote and what we call must be the same thing.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f]/.test(text)) return { ok: false, problem: 'control_characters' }
  if (!URL.canParse(text)) return { ok: false, problem: 'not_absolute' }
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, problem: 'scheme_not_http' }
  if (!/^https?:\/\/[^/\\]/i.test(text)) return { ok: false, problem: 'not_absolute' }
  if (url.username !== '' || url.password !== '') return { ok: false, problem: 'has_userinfo' }
  url.hash = ''
  return { ok: true, url }
}

export type ReceiverScheme = 'http' | 'https'

export function schemeOf(url: URL): ReceiverScheme {
  return url.protocol === 'http:' ? 'http' : 'https'
}

/** The host by which receivers are found, shown and limited: a final dot is the same host. */
export function receiverHostOf({ hostname, host }: URL): string {
  return hostname.replace(/\.+$/, '') + host.slice(hostname.length)
}

/** What may be shown of a receiver's URL: its path and query are often its only secret. */
export function maskedReceiver(scheme: ReceiverScheme, host: string): string {
  return `${scheme}://${host}/…`
}
