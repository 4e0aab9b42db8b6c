import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  describeSettings,
  fileVariables,
  loadSettings,
  settingDefinitions,
  SettingsError,
  settingsWarnings,
} from '@ghostpost/infrastructure/config'
import { afterAll, describe, expect, test } from 'vitest'

const minimalEnv = { DATABASE_URL: 'postgresql://u:pw@db/ghostpost', QUEUE_URL: 'redis://:secret@redis:6379' }

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings({ ...minimalEnv, ...env })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

test('two settings are required; all others have defaults', () => {
  const settings = loadSettings(minimalEnv)
  expect(settings).toMatchObject({
    GHOSTPOST_PORT: 4080,
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: 9_000,
    GHOSTPOST_COOKIE_SECURE: true,
  })
  expect(settings.retryScheduleMs).toEqual([0, 5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 504e5, 72e6, 864e5])
  expect(settings.allowedAddresses).toEqual([])
})

test('one error names every missing setting', () => {
  expect(() => loadSettings({})).toThrow(/DATABASE_URL is missing.*QUEUE_URL is missing/)
})

test.each([
  ['GHOSTPOST_PORT', 'http', 'GHOSTPOST_PORT is wrong; expected a whole number from 0 to 65535.'],
  ['GHOSTPOST_PORT', '70000', 'GHOSTPOST_PORT is wrong; expected a whole number from 0 to 65535.'],
  ['GHOSTPOST_PORT', '-1', 'GHOSTPOST_PORT is wrong; expected a whole number from 0 to 65535.'],
  ['GHOSTPOST_COOKIE_SECURE', 'yes', 'GHOSTPOST_COOKIE_SECURE is wrong; expected true or false.'],
  [
    'GHOSTPOST_LOG_LEVEL',
    'loud',
    'GHOSTPOST_LOG_LEVEL is wrong; expected one of trace, debug, info, warn, error, silent.',
  ],
])('%s=%s is refused', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([problem])
})

test('an unknown kind of queue is refused', () => {
  expect(problemsOf({ QUEUE_URL: 'amqp://rabbit' })[0]).toContain('QUEUE_URL is wrong')
})

describe('QUEUE_URL', () => {
  test.each([
    'redis://redis',
    'rediss://:p%40ss@redis:6379/2',
    'redis-cluster://a:7000,b:7001,c:7002',
    'rediss-cluster://ghost:p%40ss@a,b',
    'redis-cluster://[::1]:7000,127.0.0.1:7001',
    'redis-sentinel://a:26379,b/main',
    'rediss-sentinel://:secret@a/my-master.1',
  ])('QUEUE_URL may be %s', (url) => {
    expect(problemsOf({ QUEUE_URL: url })).toEqual([])
  })

  test.each([
    'redis-cluster://',
    'redis-cluster://planted:70000',
    'redis-cluster://a:planted',
    'redis-cluster://a,,planted',
    'redis-cluster://u:planted%zz@a',
    'redis-cluster://planted/0',
    'redis-cluster://planted?x=1',
    'redis-sentinel://planted:26379',
    'redis-sentinel://planted/name/0',
  ])('QUEUE_URL=%s is refused with a message that does not repeat it', (url) => {
    const problems = problemsOf({ QUEUE_URL: url })
    expect(problems).toEqual([expect.stringMatching(/^QUEUE_URL is wrong; expected one or more host:port/)])
    expect(problems.join()).not.toContain('planted')
  })
})

describe('queue shards', () => {
  test('there is one shard by default, and every worker takes from it', () => {
    expect(loadSettings(minimalEnv)).toMatchObject({ GHOSTPOST_QUEUE_SHARDS: 1, workerShards: [0] })
  })

  test('a worker takes from all shards by default', () => {
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_QUEUE_SHARDS: '3' }).workerShards).toEqual([0, 1, 2])
  })

  test('a worker takes from the named shards, also from shards that no longer exist', () => {
    const env = { ...minimalEnv, GHOSTPOST_QUEUE_SHARDS: '4', GHOSTPOST_WORKER_SHARDS: '7 0-2 1' }
    expect(loadSettings(env).workerShards).toEqual([0, 1, 2, 7])
  })

  test.each(['3-1', '64', '0-99', 'all', '1,2', '-1'])('GHOSTPOST_WORKER_SHARDS=%s is refused', (text) => {
    expect(problemsOf({ GHOSTPOST_WORKER_SHARDS: text })[0]).toContain('GHOSTPOST_WORKER_SHARDS is wrong')
  })

  test('more than one shard requires Redis', () => {
    const env = { QUEUE_URL: 'postgres://u@db/x', GHOSTPOST_QUEUE_SHARDS: '2' }
    expect(problemsOf(env)).toEqual(['GHOSTPOST_QUEUE_SHARDS must be 1 for a queue on Postgres.'])
  })
})

test('an invalid retry schedule is refused', () => {
  expect(problemsOf({ GHOSTPOST_RETRY_SCHEDULE: '5 minutes' })[0]).toContain(
    'GHOSTPOST_RETRY_SCHEDULE is wrong',
  )
})

test('a claim that could expire during an attempt is refused', () => {
  expect(problemsOf({ GHOSTPOST_CLAIM_MS: '9500' })).toEqual([
    'GHOSTPOST_CLAIM_MS must be at least 1000 more than GHOSTPOST_ATTEMPT_TIMEOUT_MS.',
  ])
})

test.each([
  [{}, 0],
  [{ GHOSTPOST_WAIT_MS: '0' }, 0],
  [{ GHOSTPOST_ATTEMPT_TIMEOUT_MS: '10000' }, 1],
  [{ GHOSTPOST_WAIT_MS: '5000' }, 1],
])('an attempt that may take as long as the callers wait is warned of: %j', (env, count) => {
  expect(warnedOf(env).filter((event) => event === 'settings_conflict')).toHaveLength(count)
})

function warnedOf(env: Record<string, string>): string[] {
  const all = { ...minimalEnv, ...env }
  return settingsWarnings(loadSettings(all), all).map(({ event }) => event)
}

test('links that lead to a place nobody chose are warned of, and so is an installation that sends nothing', () => {
  expect(warnedOf({})).toEqual(['url_not_set', 'url_not_set'])
  const chosen = {
    GHOSTPOST_PUBLIC_URL: 'https://analytics.example.com',
    GHOSTPOST_DASHBOARD_URL: 'https://ghostpost.example.com/ops',
  }
  expect(warnedOf(chosen)).toEqual([])
  expect(warnedOf({ ...chosen, GHOSTPOST_HOLD: 'true' })).toEqual(['held'])
})

test('an invalid allow-list entry is refused by name', () => {
  expect(problemsOf({ GHOSTPOST_ALLOWED_ADDRESSES: '10.0.0.0/8 banana' })[0]).toContain('banana')
})

describe('the egress proxy', () => {
  test('there is no egress proxy by default', () => {
    expect(loadSettings(minimalEnv).egressProxy).toBeNull()
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_EGRESS_PROXY: '' }).egressProxy).toBeNull()
  })

  test.each([
    ['http://proxy:3128', 'http://proxy:3128/'],
    ['https://proxy.acme.com/', 'https://proxy.acme.com/'],
    ['http://[::1]:3128', 'http://[::1]:3128/'],
    ['http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128', 'http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128/'],
  ])('the egress proxy may be %s', (text, href) => {
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_EGRESS_PROXY: text }).egressProxy?.href).toBe(href)
  })

  test.each([
    'proxy:3128',
    'http:proxy:3128',
    'socks5://proxy:1080',
    'http://',
    'http://proxy:99999',
    'http://proxy:3128/path',
    'http://proxy:3128/?a=planted',
    'http://proxy:3128#planted',
    'http://proxy one:3128',
    'http://ghost:planted/1@proxy:3128',
    'http://ghost:planted%zz@proxy:3128',
    'http://gh%3Aost:planted@proxy:3128',
  ])('the egress proxy %s is refused with a message that does not repeat it', (text) => {
    const [problem, ...others] = problemsOf({ GHOSTPOST_EGRESS_PROXY: text })
    expect(problem).toMatch(
      /^GHOSTPOST_EGRESS_PROXY is wrong; expected http:\/\/ or https:\/\/, user:password@/,
    )
    expect(problem).not.toContain('planted')
    expect(others).toEqual([])
  })

  test('the egress proxy is masked where settings are shown', () => {
    const settings = loadSettings({
      ...minimalEnv,
      GHOSTPOST_EGRESS_PROXY: 'http://ghost:planted@proxy:3128',
    })
    expect(describeSettings(settings)).toMatchObject({ GHOSTPOST_EGRESS_PROXY: '***' })
    expect(JSON.stringify(describeSettings(settings))).not.toContain('planted')
  })
})

describe('a misspelt setting', () => {
  test('an unknown GHOSTPOST_ name is refused with the closest known name', () => {
    expect(problemsOf({ GHOSTPOST_RETRY_SCHEDUEL: '0s' })).toEqual([
      'GHOSTPOST_RETRY_SCHEDUEL is not a setting; did you mean GHOSTPOST_RETRY_SCHEDULE?',
    ])
  })

  test('an unknown GHOSTPOST_ name is refused without advice if no name is close', () => {
    expect(problemsOf({ GHOSTPOST_XYZZY_PLUGH_AND_MORE: '1' })).toEqual([
      'GHOSTPOST_XYZZY_PLUGH_AND_MORE is not a setting.',
    ])
  })

  test('variables without the prefix are ignored', () => {
    expect(problemsOf({ NODE_ENV: 'production', GHOST_PORT: '1' })).toEqual([])
  })
})

describe('a secret from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ghostpost-secrets-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const url = 'postgresql://u:planted@db/ghostpost'
  const fileWith = (text: string, name = 'secret'): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const fromFile = (path: string, extraEnv: Record<string, string> = {}): readonly string[] =>
    problemsOf({ DATABASE_URL: '', DATABASE_URL_FILE: path, ...extraEnv })

  test('every secret, and no other setting, may come from a file', () => {
    const secrets = Object.entries(settingDefinitions).filter(([, { secret }]) => secret)
    expect(fileVariables).toEqual(secrets.map(([name]) => `${name}_FILE`))
    expect(fileVariables).toContain('GHOSTPOST_SECRET_KEYS_FILE')
    expect(problemsOf({ GHOSTPOST_PORT_FILE: fileWith('4080') })).toEqual([
      'GHOSTPOST_PORT_FILE is not a setting; did you mean GHOSTPOST_PORT?',
    ])
  })

  test.each([
    ['without a line break', url],
    ['with a trailing line break', `${url}\n`],
    ['with a trailing Windows line break', `${url}\r\n`],
  ])('a secret is read from a file %s', (_how, text) => {
    const { QUEUE_URL } = minimalEnv
    expect(loadSettings({ QUEUE_URL, DATABASE_URL_FILE: fileWith(text) }).DATABASE_URL).toBe(url)
  })

  test('a second trailing line break belongs to the value and is refused', () => {
    const proxy = fileWith('http://proxy:3128\n\n')
    expect(problemsOf({ GHOSTPOST_EGRESS_PROXY_FILE: proxy })[0]).toContain('GHOSTPOST_EGRESS_PROXY is wrong')
  })

  test('a file and the variable itself cannot both be set', () => {
    expect(problemsOf({ DATABASE_URL_FILE: fileWith(url) })).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them.',
    ])
  })

  test.each<[string, () => string, string]>([
    ['does not exist', () => join(folder, 'planted-missing'), 'names a file that cannot be read (ENOENT).'],
    [
      'has a path through a file',
      () => join(fileWith(url), 'planted'),
      'names a file that cannot be read (ENOTDIR).',
    ],
    ['is a folder', () => folder, 'does not name a file.'],
    ['is a device', () => '/dev/zero', 'does not name a file.'],
    ['is empty', () => fileWith(''), 'names an empty file.'],
    ['contains only a line break', () => fileWith('\n'), 'names an empty file.'],
    ['is far too large', () => fileWith('x'.repeat(65_537)), 'names a file of more than 64 KiB.'],
  ])('a secret whose file %s is refused without showing the path', (_what, path, problem) => {
    expect(fromFile(path())).toEqual([`DATABASE_URL_FILE ${problem}`])
  })

  test('a wrong secret from a file is refused without being shown', () => {
    expect(fromFile(fileWith('mysql://u:planted@db'))).toEqual([
      'The file of DATABASE_URL_FILE is wrong; expected text of the form ^postgres(ql)?://.',
    ])
  })

  test('a misspelt file variable is refused with the closest known name', () => {
    expect(problemsOf({ GHOSTPOST_SECRETS_KEYS_FILE: '/run/secrets/keys' })).toEqual([
      'GHOSTPOST_SECRETS_KEYS_FILE is not a setting; did you mean GHOSTPOST_SECRET_KEYS_FILE?',
    ])
  })

  test('a secret from a file is masked where settings are shown', () => {
    const { QUEUE_URL } = minimalEnv
    const settings = loadSettings({ QUEUE_URL, DATABASE_URL_FILE: fileWith(url) })
    expect(JSON.stringify(describeSettings(settings))).not.toMatch(/planted|ghostpost-secrets-/)
  })
})

test('a problem never shows the value', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://u:hunter2@db' }).join()).not.toContain('hunter2')
})

test('shown settings contain no secret', () => {
  const shown = describeSettings(loadSettings(minimalEnv))
  expect(shown).toMatchObject({ DATABASE_URL: '***', QUEUE_URL: '***', GHOSTPOST_PORT: 4080 })
  expect(JSON.stringify(shown)).not.toMatch(/secret|pw/)
})

test('every setting has a description that is a sentence', () => {
  for (const [name, { description }] of Object.entries(settingDefinitions)) {
    expect(`${name}: ${description}`).toMatch(/^\w+: .{10,}\.$/s)
  }
})

describe('alert settings', () => {
  const from = 'Ghostpost <alerts@example.com>'

  test.each([
    [{}, 'http://127.0.0.1:4080/ops'],
    [{ GHOSTPOST_HOST: '0.0.0.0', GHOSTPOST_PORT: '8080' }, 'http://127.0.0.1:8080/ops'],
    [{ GHOSTPOST_HOST: '::1' }, 'http://[::1]:4080/ops'],
    [{ GHOSTPOST_DASHBOARD_URL: 'https://g.example.com/ops' }, 'https://g.example.com/ops'],
  ])('the dashboard’s URL is set, or derived from host and port: %j', (env, url) => {
    expect(loadSettings({ ...minimalEnv, ...env }).dashboardUrl).toBe(url)
  })

  test('there is no mail server by default, and a mail server requires a sender', () => {
    const url = 'smtps://alerts:p%40ss@mail.example.com:465'
    const mail = { GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from }
    expect(loadSettings({ ...minimalEnv, ...mail }).mail).toEqual({ url, from })
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_SMTP_FROM: from }).mail).toBeNull()
    expect(problemsOf({ GHOSTPOST_SMTP_URL: url })).toEqual([
      'GHOSTPOST_SMTP_FROM is missing: GHOSTPOST_SMTP_URL requires a sender.',
    ])
  })

  test.each(['http://mail.example.com', 'smtp://mail example', 'smtp://planted:secret@['])(
    'the mail server %s is refused without repeating its password',
    (url) => {
      const problems = problemsOf({ GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from })
      expect(problems).toEqual([expect.stringMatching(/^GHOSTPOST_SMTP_URL is wrong/)])
      expect(problems.join()).not.toContain('planted')
    },
  )

  test('the mail server’s password is masked where settings are shown', () => {
    const env = { GHOSTPOST_SMTP_URL: 'smtp://alerts:planted@mail.example.com', GHOSTPOST_SMTP_FROM: from }
    expect(JSON.stringify(describeSettings(loadSettings({ ...minimalEnv, ...env })))).not.toContain('planted')
  })
})
