/** The address of a Redis: a single server, a server behind Sentinels, or a Redis Cluster. */
export type RedisAddress =
  | { kind: 'single'; url: string }
  | ({ kind: 'cluster' } & RedisHosts)
  | ({ kind: 'sentinel'; masterName: string } & RedisHosts)

export interface RedisHosts {
  hosts: readonly { host: string; port: number }[]
  username: string | null
  password: string | null
  tls: boolean
}

const redisUrlPattern = /^(rediss?)-(cluster|sentinel):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([A-Za-z0-9._-]+))?$/
const defaultPort = { cluster: 6379, sentinel: 26_379 } as const

/** Whether a queue URL names a Redis of any kind. */
export function isRedisUrl(url: string): boolean {
  return /^rediss?(-cluster|-sentinel)?:/.test(url)
}

/**
 * Parses `redis://` and `rediss://` (TLS), whose URL stays unchanged;
 * `redis-cluster://user:password@host:port,host:port`; and
 * `redis-sentinel://user:password@host:port,host:port/master-name`. Credentials are percent-encoded.
 * @returns null if the URL is invalid
 */
export function parseRedisUrl(url: string): RedisAddress | null {
  if (/^rediss?:\/\//.test(url)) return { kind: 'single', url }
  const [, scheme, kind, credentials, hostList = '', masterName] = redisUrlPattern.exec(url) ?? []
  if (kind !== 'cluster' && kind !== 'sentinel') return null
  const hosts = hostList.split(',').map((text) => parseHost(text, defaultPort[kind]))
  const login = parseLogin(credentials ?? '')
  if (login === null || !hosts.every((host) => host !== null)) return null
  const common = { hosts, ...login, tls: scheme === 'rediss' }
  if (kind === 'cluster') return masterName === undefined ? { kind: 'cluster', ...common } : null
  return masterName === undefined ? null : { kind: 'sentinel', masterName, ...common }
}

function parseHost(text: string, fallbackPort: number): { host: string; port: number } | null {
  if (!/^[^\s:]+(:\d+)?$|^\[[0-9a-f:.]+\](:\d+)?$/i.test(text) || !URL.canParse(`redis://${text}`))
    return null
  const { hostname, port } = new URL(`redis://${text}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? fallbackPort : Number(port) }
}

function parseLogin(text: string): Pick<RedisHosts, 'username' | 'password'> | null {
  const colon = text.indexOf(':')
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  try {
    return { username: decodeURIComponent(username) || null, password: decodeURIComponent(password) || null }
  } catch {
    return null
  }
}
