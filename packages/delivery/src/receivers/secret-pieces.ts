import { isPublicHeader } from './mask-headers.ts'
import { normalizeForms } from './normalize-forms.ts'

/** What a request contains that its response must not show. */
export interface RequestSecrets {
  /** The receiver's URL, whose path and query are secret. */
  url?: string
  /** Custom headers, whose values are secret. */
  headers?: Readonly<Record<string, string>>
  /** Tokens, keys and the like. */
  others?: readonly string[]
}

/** A secret, or a part of it that shows it, in the form of `normalizeForms`. */
export interface SecretPiece {
  text: string
  /** Too short to be masked inside another word. */
  isShort: boolean
}

/** A shorter part of a URL or header may be any word: masking it would spoil the response and protect little. */
const partMin = 6
/** Some bytes of base64 depend on what is around the secret; the rest has to be long enough to be recognised. */
const base64Min = 12
/** A path of more segments is masked as a whole only. */
const segmentsMax = 32

/** Segments of paths and values of queries that APIs use for everybody. */
const publicWords: ReadonlySet<string> = new Set(
  [
    'accounts channels composite contact contacts create default delete events export exports incoming ingest',
    'integrations message messages notify objects profiles properties public receive receiver records services',
    'sobjects standard submit trigger triggers update upsert visitor visitors webhook webhooks workflow workflows',
  ].flatMap((line) => line.split(' ')),
)

/** The pieces to mask in a response. */
export function secretPieces({ url, headers = {}, others = [] }: RequestSecrets): SecretPiece[] {
  const fromUrl = url === undefined ? { whole: [], parts: [] } : piecesOfUrl(new URL(url))
  const values = secretHeaders(headers).flatMap(([name, value]) => partsOfHeader(name, value))
  const certain = [...[...fromUrl.parts, ...values].filter(isLongEnough), ...others.flatMap(withoutPrefix)]
  const texts = new Set(certain.flatMap(spellings).filter((text) => text !== ''))
  const whole = fromUrl.whole.flatMap(spellings).filter((text) => text.length > 1 && !texts.has(text))
  return [
    ...Array.from(texts, (text) => ({ text, isShort: false })),
    ...whole.map((text) => ({ text, isShort: text.length < partMin })),
  ]
}

/** The secrets that base64 could hide: the longest ones, of which the others are parts. */
export function base64Pieces({ url, headers = {}, others = [] }: RequestSecrets): SecretPiece[] {
  const parsed = url === undefined ? null : new URL(url)
  const secrets = [
    ...(parsed ? [parsed.pathname + parsed.search, ...segmentsOf(parsed.pathname)] : []),
    ...secretHeaders(headers).flatMap(([, value]) => [value, withoutScheme(value)]),
    ...others,
  ]
  const texts = new Set(secrets.filter(isLongEnough).flatMap(base64Forms))
  return Array.from(texts, (text) => ({ text: normalizeForms(text).text, isShort: false }))
}

function piecesOfUrl({ pathname, search, searchParams }: URL): { whole: string[]; parts: string[] } {
  const segments = segmentsOf(pathname)
  const isPublic = segments.every((segment) => publicWords.has(segment.toLowerCase()))
  const tails = segments.map((_, index) => `/${segments.slice(index).join('/')}`)
  const heads = segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`).slice(1)
  const query = search.slice(1)
  const values = [...searchParams].map(([name, value]) => (value === '' ? name : value))
  return {
    whole: pathname === '/' ? [search] : [pathname + search, pathname, search],
    parts: [
      ...segments.filter((segment) => !publicWords.has(segment.toLowerCase())),
      ...(isPublic ? [] : [...tails, ...heads]),
      query,
      ...values.filter((value) => !publicWords.has(value.toLowerCase())),
    ],
  }
}

function secretHeaders(headers: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(headers).filter(([name]) => !isPublicHeader(name))
}

function segmentsOf(pathname: string): string[] {
  const segments = pathname.split('/').filter(Boolean)
  return segments.length > segmentsMax ? [] : segments
}

/** The value, and what it consists of: the token after the scheme, a decoded password, the values of cookies. */
function partsOfHeader(name: string, value: string): string[] {
  const token = withoutScheme(value)
  const lowerCase = name.toLowerCase()
  if (lowerCase === 'cookie')
    return [value, ...value.split(/;\s*/).map((cookie) => cookie.slice(cookie.indexOf('=') + 1))]
  if (lowerCase !== 'authorization' || !/^basic /i.test(value)) return [value, token]
  const pair = decodeBase64(token)
  return [value, token, pair, pair.slice(pair.indexOf(':') + 1)]
}

function withoutScheme(value: string): string {
  return value.replace(/^\S+\s+/, '')
}

/** A key and its part after a prefix as in `whsec_…`. */
function withoutPrefix(secret: string): string[] {
  return [secret, secret.replace(/^wh[a-z]{2,3}_/, '')]
}

function isLongEnough(text: string): boolean {
  return text.length >= partMin
}

/** As the bytes of its percent-encoding, and as the characters that they stand for. */
function spellings(text: string): string[] {
  const normalized = normalizeForms(text).text
  try {
    return [normalized, normalizeForms(decodeURIComponent(text)).text]
  } catch {
    return [normalized]
  }
}

/** Base64 of a text that begins at any byte of a group of three, without the characters that its neighbours change. */
function base64Forms(text: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCodePoint(byte)).join('')
  return [0, 1, 2].flatMap((offset) => {
    const encoded = btoa('\0'.repeat(offset) + bytes).replace(/=+$/, '')
    const first = Math.ceil((offset * 4) / 3)
    const isWhole = (offset + bytes.length) % 3 === 0
    const piece = encoded.slice(first, isWhole ? undefined : -1)
    return piece.length < base64Min ? [] : [piece, piece.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function decodeBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}
