import { describeSettings, loadSettings, settingDefinitions, SettingsError } from '@ghostpost/infrastructure'
import { describe, expect, test } from 'vitest'

const least = { DATABASE_URL: 'postgresql://u:pw@db/ghostpost', QUEUE_URL: 'redis://:secret@redis:6379' }

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings({ ...least, ...env })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

test('two settings are enough; all others have defaults', () => {
  const settings = loadSettings(least)
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
    expect(loadSettings(least).egressProxy).toBeNull()
    expect(loadSettings({ ...least, GHOSTPOST_EGRESS_PROXY: '' }).egressProxy).toBeNull()
  })

  test.each([
    ['http://proxy:3128', 'http://proxy:3128/'],
    ['https://proxy.acme.com/', 'https://proxy.acme.com/'],
    ['http://[::1]:3128', 'http://[::1]:3128/'],
    ['http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128', 'http://ghost:p%40ss%2Fw%C3%B6rd@127.0.0.1:3128/'],
  ])('may be %s', (text, href) => {
    expect(loadSettings({ ...least, GHOSTPOST_EGRESS_PROXY: text }).egressProxy?.href).toBe(href)
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
    const settings = loadSettings({ ...least, GHOSTPOST_EGRESS_PROXY: 'http://ghost:planted@proxy:3128' })
    expect(describeSettings(settings)).toMatchObject({ GHOSTPOST_EGRESS_PROXY: '***' })
    expect(JSON.stringify(describeSettings(settings))).not.toContain('planted')
  })
})

describe('a misspelt setting of ours', () => {
  test('is refused with the name that was meant', () => {
    expect(problemsOf({ GHOSTPOST_RETRY_SCHEDUEL: '0s' })).toEqual([
      'GHOSTPOST_RETRY_SCHEDUEL is no setting; did you mean GHOSTPOST_RETRY_SCHEDULE?',
    ])
  })

  test('is refused without advice when nothing is near', () => {
    expect(problemsOf({ GHOSTPOST_XYZZY_PLUGH_AND_MORE: '1' })).toEqual([
      'GHOSTPOST_XYZZY_PLUGH_AND_MORE is no setting.',
    ])
  })

  test('leaves other people’s variables alone', () => {
    expect(problemsOf({ NODE_ENV: 'production', GHOST_PORT: '1' })).toEqual([])
  })
})

test('no problem ever shows a value', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://u:hunter2@db' }).join()).not.toContain('hunter2')
})

test('what may be shown of the settings has no secret in it', () => {
  const shown = describeSettings(loadSettings(least))
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
    expect(loadSettings({ ...least, ...env }).dashboardUrl).toBe(url)
  })

  test('a mail server needs a sender, and there is none unless it is named', () => {
    const url = 'smtps://alerts:p%40ss@mail.example.com:465'
    const mail = { GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from }
    expect(loadSettings({ ...least, ...mail }).mail).toEqual({ url, from })
    expect(loadSettings({ ...least, GHOSTPOST_SMTP_FROM: from }).mail).toBeNull()
    expect(problemsOf({ GHOSTPOST_SMTP_URL: url })).toEqual([
      'GHOSTPOST_SMTP_FROM is missing: GHOSTPOST_SMTP_URL needs a sender.',
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
    expect(JSON.stringify(describeSettings(loadSettings({ ...least, ...env })))).not.toContain('planted')
  })
})
