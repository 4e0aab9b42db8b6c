export const receiverUrlLengthMax = 2_048

export type ReceiverUrlProblem =
  | 'too_long'
  | 'not_absolute'
  | 'scheme_not_http'
  | 'has_userinfo'
  | 'invalid_host'
  | 'control_characters'

export const receiverUrlProblems: Readonly<Record<ReceiverUrlProblem, string>> = {
  too_long: `at most ${receiverUrlLengthMax} characters`,
  not_absolute: 'an absolute http or https URL',
  scheme_not_http: 'an http or https URL',
  has_userinfo: 'a URL without user name and password',
  invalid_host: 'a URL with a host name of at most 253 characters, and 1 to 63 between its dots',
  control_characters: 'a URL without spaces or control characters at its ends or inside',
}

export type ParsedReceiverUrl =
  /** `written`: the text to store. It differs from `url.href` where that changes what the caller wrote. */
  { ok: true; url: URL; written: string } | { ok: false; problem: ReceiverUrlProblem }

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
  // An empty user name is dropped by `new URL`.
  if (/^[^/]*\/\/[^/\\?#]*@/.test(text)) return { ok: false, problem: 'has_userinfo' }
  if (!isHostName(url.hostname)) return { ok: false, problem: 'invalid_host' }
  url.hash = ''
  return { ok: true, url, written: withApostrophes(url, text) }
}

const hostNameMax = 253

/** RFC 1035 §2.3.4. A final dot is the root, whose label is empty. */
function isHostName(hostname: string): boolean {
  if (hostname.startsWith('[')) return true
  const name = hostname.replace(/\.$/, '')
  return name.length <= hostNameMax && name.split('.').every((label) => /^.{1,63}$/.test(label))
}

/** `new URL` writes `'` in a query as `%27`, which RFC 3986 allows unencoded and a receiver may compare literally. */
function withApostrophes({ href }: URL, text: string): string {
  const query = /^[^#?]*\?([^#]*)/.exec(text)?.[1] ?? ''
  if (!query.includes("'")) return href
  const encoded = query.split("'").map((piece) => new URL(`http://localhost/?${piece}`).search.slice(1))
  return `${href.slice(0, href.indexOf('?') + 1)}${encoded.join("'")}`
}

/**
 * The path and query of a receiver's URL as it is stored: `new URL` drops a `?` before an empty query, and encodes `'`.
 * @param written the text that `parseReceiverUrl` returned
 */
export function requestTargetOf(written: string): string {
  const { origin, pathname, search } = new URL(written)
  return written.startsWith(`${origin}/`) ? written.slice(origin.length) : pathname + search
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
