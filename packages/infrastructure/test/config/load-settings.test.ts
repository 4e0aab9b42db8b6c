import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  describeSettings,
  fileVariables,
  loadSettings,
  settingDefinitions,
  SettingsError,
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

test('two settings are enough; all others have defaults', () => {
  const settings = loadSettings(minimalEnv)
  expect(settings).toMatchObject({
    GHOSTPOST_PORT: 4080,
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: 10_000,
    GHOSTPOST_COOKIE_SECURE: true,
  })
  expect(settings.retryScheduleMs).toEqual([0, 5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 504e5, 72e6, 864e5])
  expect(settings.allowedAddresses).toEqual([])
})

test('names every missing setting at once', () => {
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
])('refuses %s=%s', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([problem])
})

test('refuses a queue it does not know', () => {
  expect(problemsOf({ QUEUE_URL: 'amqp://rabbit' })[0]).toContain('QUEUE_URL is wrong')
})

describe('the queue’s Redis', () => {
  test.each([
    'redis://redis',
    'rediss://:p%40ss@redis:6379/2',
    'redis-cluster://a:7000,b:7001,c:7002',
    'rediss-cluster://ghost:p%40ss@a,b',
    'redis-cluster://[::1]:7000,127.0.0.1:7001',
    'redis-sentinel://a:26379,b/main',
    'rediss-sentinel://:secret@a/my-master.1',
  ])('may be %s', (url) => {
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
  ])('is refused as %s, in a sentence that does not repeat it', (url) => {
    const problems = problemsOf({ QUEUE_URL: url })
    expect(problems).toEqual([expect.stringMatching(/^QUEUE_URL is wrong; expected host:port/)])
    expect(problems.join()).not.toContain('planted')
  })
})

describe('shards of the queue', () => {
  test('are one, which every worker takes from', () => {
    expect(loadSettings(minimalEnv)).toMatchObject({ GHOSTPOST_QUEUE_SHARDS: 1, workerShards: [0] })
  })

  test('are all taken from unless some are named', () => {
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_QUEUE_SHARDS: '3' }).workerShards).toEqual([0, 1, 2])
  })

  test('may be named, those that are given up, too', () => {
    const env = { ...minimalEnv, GHOSTPOST_QUEUE_SHARDS: '4', GHOSTPOST_WORKER_SHARDS: '7 0-2 1' }
    expect(loadSettings(env).workerShards).toEqual([0, 1, 2, 7])
  })

  test.each(['3-1', '64', '0-99', 'all', '1,2', '-1'])('are refused as %s', (text) => {
    expect(problemsOf({ GHOSTPOST_WORKER_SHARDS: text })[0]).toContain('GHOSTPOST_WORKER_SHARDS is wrong')
  })

  test('need Redis', () => {
    const env = { QUEUE_URL: 'postgres://u@db/x', GHOSTPOST_QUEUE_SHARDS: '2' }
    expect(problemsOf(env)).toEqual(['GHOSTPOST_QUEUE_SHARDS must be 1 for a queue on Postgres.'])
  })
})

test('refuses a retry schedule it cannot read', () => {
  expect(problemsOf({ GHOSTPOST_RETRY_SCHEDULE: '5 minutes' })[0]).toContain(
    'GHOSTPOST_RETRY_SCHEDULE is wrong',
  )
})

test('refuses a claim that could run out during an attempt', () => {
  expect(problemsOf({ GHOSTPOST_CLAIM_MS: '10500' })).toEqual([
    'GHOSTPOST_CLAIM_MS must be at least 1000 more than GHOSTPOST_ATTEMPT_TIMEOUT_MS.',
  ])
})

test('refuses an allow-list entry it cannot read, and says which', () => {
  expect(problemsOf({ GHOSTPOST_ALLOWED_ADDRESSES: '10.0.0.0/8 banana' })[0]).toContain('banana')
})

describe('the egress proxy', () => {
  test('is none unless one is set', () => {
    expect(loadSettings(minimalEnv).egressProxy).toBeNull()
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_EGRESS_PROXY: '' }).egressProxy).toBeNull()
  })

  test.each([
    ['http://proxy:3128', 'http://proxy:3128/'],
    ['https://proxy.acme.com/', 'https://proxy.acme.com/'],
    ['http://[::1]:3128', 'http://[::1]:3128/'],
    ['http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128', 'http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128/'],
  ])('may be %s', (text, href) => {
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
  ])('is refused as %s, in a sentence that does not repeat it', (text) => {
    const [problem, ...others] = problemsOf({ GHOSTPOST_EGRESS_PROXY: text })
    expect(problem).toMatch(
      /^GHOSTPOST_EGRESS_PROXY is wrong; expected http:\/\/ or https:\/\/, user:password@/,
    )
    expect(problem).not.toContain('planted')
    expect(others).toEqual([])
  })

  test('is a secret where settings are shown', () => {
    const settings = loadSettings({
      ...minimalEnv,
      GHOSTPOST_EGRESS_PROXY: 'http://ghost:planted@proxy:3128',
    })
    expect(describeSettings(settings)).toMatchObject({ GHOSTPOST_EGRESS_PROXY: '***' })
    expect(JSON.stringify(describeSettings(settings))).not.toContain('planted')
  })
})

describe('a misspelt setting of ours', () => {
  test('is refused with the name that was meant', () => {
    expect(problemsOf({ GHOSTPOST_RETRY_SCHEDUEL: '0s' })).toEqual([
      'GHOSTPOST_RETRY_SCHEDUEL is not a setting; did you mean GHOSTPOST_RETRY_SCHEDULE?',
    ])
  })

  test('is refused without advice when nothing is near', () => {
    expect(problemsOf({ GHOSTPOST_XYZZY_PLUGH_AND_MORE: '1' })).toEqual([
      'GHOSTPOST_XYZZY_PLUGH_AND_MORE is not a setting.',
    ])
  })

  test('leaves other people’s variables alone', () => {
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

  test('can be every one, and nothing but secrets', () => {
    const secrets = Object.entries(settingDefinitions).filter(([, { secret }]) => secret)
    expect(fileVariables).toEqual(secrets.map(([name]) => `${name}_FILE`))
    expect(fileVariables).toContain('GHOSTPOST_SECRET_KEYS_FILE')
    expect(problemsOf({ GHOSTPOST_PORT_FILE: fileWith('4080') })).toEqual([
      'GHOSTPOST_PORT_FILE is not a setting; did you mean GHOSTPOST_PORT?',
    ])
  })

  test.each([
    ['as it is', url],
    ['without the line end after it', `${url}\n`],
    ['without the line end of Windows after it', `${url}\r\n`],
  ])('is taken %s', (_how, text) => {
    const { QUEUE_URL } = minimalEnv
    expect(loadSettings({ QUEUE_URL, DATABASE_URL_FILE: fileWith(text) }).DATABASE_URL).toBe(url)
  })

  test('keeps a second line end, which is wrong', () => {
    const proxy = fileWith('http://proxy:3128\n\n')
    expect(problemsOf({ GHOSTPOST_EGRESS_PROXY_FILE: proxy })[0]).toContain('GHOSTPOST_EGRESS_PROXY is wrong')
  })

  test('is refused beside the variable itself', () => {
    expect(problemsOf({ DATABASE_URL_FILE: fileWith(url) })).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them.',
    ])
  })

  test.each<[string, () => string, string]>([
    ['is not there', () => join(folder, 'planted-missing'), 'names a file that cannot be read (ENOENT).'],
    ['leads nowhere', () => join(fileWith(url), 'planted'), 'names a file that cannot be read (ENOTDIR).'],
    ['is a folder', () => folder, 'does not name a file.'],
    ['is a device', () => '/dev/zero', 'does not name a file.'],
    ['is empty', () => fileWith(''), 'names an empty file.'],
    ['holds a line end alone', () => fileWith('\n'), 'names an empty file.'],
    ['is far too large', () => fileWith('x'.repeat(65_537)), 'names a file of more than 64 KiB.'],
  ])('is refused when its file %s, without showing where it is', (_what, path, problem) => {
    expect(fromFile(path())).toEqual([`DATABASE_URL_FILE ${problem}`])
  })

  test('is refused when it is wrong, without being shown', () => {
    expect(fromFile(fileWith('mysql://u:planted@db'))).toEqual([
      'The file of DATABASE_URL_FILE is wrong; expected text of the form ^postgres(ql)?://.',
    ])
  })

  test('that is misspelt is told which was meant', () => {
    expect(problemsOf({ GHOSTPOST_SECRETS_KEYS_FILE: '/run/secrets/keys' })).toEqual([
      'GHOSTPOST_SECRETS_KEYS_FILE is not a setting; did you mean GHOSTPOST_SECRET_KEYS_FILE?',
    ])
  })

  test('is masked where settings are shown', () => {
    const { QUEUE_URL } = minimalEnv
    const settings = loadSettings({ QUEUE_URL, DATABASE_URL_FILE: fileWith(url) })
    expect(JSON.stringify(describeSettings(settings))).not.toMatch(/planted|ghostpost-secrets-/)
  })
})

test('no problem ever shows a value', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://u:hunter2@db' }).join()).not.toContain('hunter2')
})

test('what may be shown of the settings has no secret in it', () => {
  const shown = describeSettings(loadSettings(minimalEnv))
  expect(shown).toMatchObject({ DATABASE_URL: '***', QUEUE_URL: '***', GHOSTPOST_PORT: 4080 })
  expect(JSON.stringify(shown)).not.toMatch(/secret|pw/)
})

test('every setting says what it is for', () => {
  for (const [name, { description }] of Object.entries(settingDefinitions)) {
    expect(`${name}: ${description}`).toMatch(/^\w+: .{10,}\.$/s)
  }
})

describe('for alerts', () => {
  const from = 'Ghostpost <alerts@example.com>'

  test.each([
    [{}, 'http://127.0.0.1:4080/ops'],
    [{ GHOSTPOST_HOST: '0.0.0.0', GHOSTPOST_PORT: '8080' }, 'http://127.0.0.1:8080/ops'],
    [{ GHOSTPOST_HOST: '::1' }, 'http://[::1]:4080/ops'],
    [{ GHOSTPOST_DASHBOARD_URL: 'https://g.example.com/ops' }, 'https://g.example.com/ops'],
  ])('the dashboard’s address is said, or made of host and port: %j', (env, url) => {
    expect(loadSettings({ ...minimalEnv, ...env }).dashboardUrl).toBe(url)
  })

  test('a mail server needs a sender, and there is none unless it is named', () => {
    const url = 'smtps://alerts:p%40ss@mail.example.com:465'
    const mail = { GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from }
    expect(loadSettings({ ...minimalEnv, ...mail }).mail).toEqual({ url, from })
    expect(loadSettings({ ...minimalEnv, GHOSTPOST_SMTP_FROM: from }).mail).toBeNull()
    expect(problemsOf({ GHOSTPOST_SMTP_URL: url })).toEqual([
      'GHOSTPOST_SMTP_FROM is missing: GHOSTPOST_SMTP_URL requires a sender.',
    ])
  })

  test.each(['http://mail.example.com', 'smtp://mail example', 'smtp://planted:secret@['])(
    'a mail server at %s is refused, without repeating a password',
    (url) => {
      const problems = problemsOf({ GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from })
      expect(problems).toEqual([expect.stringMatching(/^GHOSTPOST_SMTP_URL is wrong/)])
      expect(problems.join()).not.toContain('planted')
    },
  )

  test('its password is not shown at the start', () => {
    const env = { GHOSTPOST_SMTP_URL: 'smtp://alerts:planted@mail.example.com', GHOSTPOST_SMTP_FROM: from }
    expect(JSON.stringify(describeSettings(loadSettings({ ...minimalEnv, ...env })))).not.toContain('planted')
  })
})
