import {
  alertEmail,
  alertLink,
  alertPayload,
  nextEmailDelayMs,
  readAlertLimits,
  formatAlert,
  type AlertCause,
  type AlertMessageInput,
} from '@ghostpost/delivery/alerts'
import { IncomingWebhookRequestPartialSchema } from 'discord-api-spec/zod'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from '../text/any-text.ts'
import { alertRule, backlog, now, failureRate, window } from './alert-factory.ts'

const cause: AlertCause = {
  count: 50,
  cause: 'receiver_unavailable',
  receiver: 'hooks.example.com',
  message: 'The receiver answered 503: it is unavailable.',
  remedy: 'Check the receiver.',
}

const input: AlertMessageInput = {
  rule: alertRule(),
  phase: 'firing',
  measured: failureRate(64, 200),
  value: 32,
  causes: [cause],
  dashboardUrl: 'https://ghostpost.example.com/ops',
}

const format = (changes: Partial<AlertMessageInput> = {}) => formatAlert({ ...input, ...changes })

describe('an alert in words', () => {
  test('gives the numbers, the most frequent causes and a link', () => {
    expect(format()).toMatchObject({
      headline: 'Firing: Too many fail',
      summary:
        '32 % of the exports made in the last 15 minutes (2026-11-26 10:00 to 10:15 UTC) fail: 64 of 200. ' +
        'The limit is 20 %.',
      causes: [cause],
      link:
        'https://ghostpost.example.com/ops/deliveries?site=4&status=failed%2Cretrying' +
        '&from=2026-11-26T10%3A00%3A00.000Z&to=2026-11-26T10%3A15%3A00.000Z',
    })
  })

  test('that is resolved gives the numbers and no causes', () => {
    const { headline, summary, causes } = format({
      phase: 'resolved',
      measured: failureRate(2, 5),
      value: null,
    })
    expect([headline, causes]).toEqual(['Resolved: Too many fail', []])
    expect(summary).toMatch(
      /^Too few exports for a rate: 5 of the last 15 minutes were attempted; the rule needs 20\./,
    )
  })

  test('that is a test says so', () => {
    expect(format({ phase: 'test' })).toMatchObject({
      headline: 'Test: Too many fail',
      summary: expect.stringMatching(/^This is a test of the alert; no action is needed\. 32 % of/),
    })
  })

  const kinds: readonly (readonly [Partial<AlertMessageInput>, string])[] = [
    [
      {
        rule: alertRule({ kind: 'dead_letters', threshold: 10 }),
        measured: { kind: 'dead_letters', window, count: 12, capped: false },
        value: 12,
      },
      'New dead letters in the last 15 minutes: 12. The limit is 10.',
    ],
    [
      {
        rule: alertRule({ kind: 'destination_disabled', threshold: null }),
        measured: {
          kind: 'destination_disabled',
          window,
          destinations: [
            {
              id: 'a',
              name: 'Leads',
              receiver: 'example.com',
              reason: 'The receiver answered 410: it is gone.',
            },
          ],
        },
        value: 1,
      },
      '1 destination is disabled and will receive nothing: “Leads” (example.com): ' +
        'The receiver answered 410: it is gone. ' +
        'Restore the receiver or correct its URL, then enable the destination again.',
    ],
    [
      {
        rule: alertRule({ kind: 'queue_age', threshold: 300 }),
        measured: { ...backlog(1, now, { oldestSeconds: 7_260 }), kind: 'queue_age' },
        value: 7_260,
      },
      'The oldest due delivery has waited for 2 hours. Due now: 1 delivery. The limit is 5 minutes.',
    ],
    [
      {
        rule: alertRule({ kind: 'not_draining', threshold: 100 }),
        measured: backlog(900),
        value: 250,
      },
      'Due now: 900 deliveries. The backlog has grown by 250 over the last 15 minutes and does not shrink. ' +
        'The limit is 100.',
    ],
  ]

  test.each(kinds)('has sentences for each kind: %#', (changes, sentence) => {
    expect(format(changes).summary).toBe(sentence)
  })
})

describe('the link', () => {
  test('filters as the rule does', () => {
    const rule = alertRule({ webhookType: 'slack', watchedDestinationId: 'd' })
    const { searchParams } = new URL(alertLink('http://127.0.0.1:4080/ops', rule, failureRate(1, 2)))
    expect(Object.fromEntries(searchParams)).toMatchObject({
      site: '4',
      webhook_type: 'slack',
      destination_id: 'd',
    })
  })

  test('opens the disabled destination, or the list when several are disabled', () => {
    const one = { name: 'Leads', receiver: 'example.com', reason: null }
    const measured = (...ids: string[]) =>
      ({ kind: 'destination_disabled', window, destinations: ids.map((id) => ({ ...one, id })) }) as const
    expect(alertLink('/ops', alertRule(), measured('a'))).toBe('/ops/destinations/a?site=4')
    expect(alertLink('/ops', alertRule(), measured('a', 'b'))).toBe('/ops/destinations?site=4')
  })
})

describe('the body of an alert', () => {
  test('for a program has a type, the numbers and the link', () => {
    expect(alertPayload('custom', format(), now)).toEqual({
      type: 'ghostpost.alert',
      phase: 'firing',
      headline: 'Firing: Too many fail',
      summary: format().summary,
      rule: { id: input.rule.id, name: 'Too many fail', kind: 'failure_rate' },
      site: { id: 4, name: 'Demo shop' },
      value: 32,
      threshold: 20,
      window: { from: '2026-11-26T10:00:00.000Z', to: '2026-11-26T10:15:00.000Z' },
      causes: [cause],
      link: format().link,
      found_at: '2026-11-26T10:15:00.000Z',
    })
  })

  test('for Slack has a headline, the causes and a link whose ampersands are escaped', () => {
    const body = JSON.stringify(alertPayload('slack', format(), now))
    expect(body).toContain('Firing: Too many fail')
    expect(body).toContain('• 50 ×')
    expect(body).toMatch(/<https:\/\/ghostpost\.example\.com\/ops\/deliveries\?site=4&amp;status=.*\|Open it/)
  })

  test('for Slack and Discord stays within their limits and mentions nobody, for any names and responses', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.constantFrom(
        '<!channel>',
        '@everyone',
        '<https://evil.example|here>',
        '*'.repeat(100),
        '&'.repeat(100),
      ),
    )
    const longText = fc
      .tuple(anyText(50), fc.constantFrom(1, 1, 100))
      .map(([piece, times]) => piece.repeat(times))
    fc.assert(
      fc.property(text, text, longText, (name, receiver, message) => {
        const causes = [1, 2, 3].map((count) => ({ ...cause, count, receiver, message }))
        const formatted = format({ rule: alertRule({ name, siteName: name }), causes })
        const slack = alertPayload('slack', formatted, now) as SlackBody
        expect(slack.blocks[0]?.text?.text.length).toBeLessThanOrEqual(150)
        expect(slack.blocks[1]?.text?.text.length).toBeLessThanOrEqual(3_000)
        expect(slack.blocks[1]?.text?.text).not.toMatch(/<!|<https:\/\/evil/)
        const discord = alertPayload('discord', formatted, now) as DiscordBody
        expect(IncomingWebhookRequestPartialSchema.safeParse(discord).success).toBe(true)
        expect(discord.allowed_mentions).toEqual({ parse: [] })
        const [embed] = discord.embeds
        expect((embed?.title.length ?? 0) + (embed?.description.length ?? 0)).toBeLessThan(5_700)
      }),
    )
  })
})

interface SlackBody {
  blocks: { text?: { text: string } }[]
}

interface DiscordBody {
  embeds: { title: string; description: string }[]
  allowed_mentions: unknown
}

describe('an alert by e-mail', () => {
  test('has the summary, the causes, the link, the site and the rule', () => {
    const { subject, body } = alertEmail(format())
    expect(subject).toBe('[Ghostpost] Firing: Too many fail')
    expect(body).toBe(`${format().summary}

Most frequent causes:
- 50 × hooks.example.com: The receiver answered 503: it is unavailable. (receiver_unavailable) Check the receiver.

Details: ${format().link}

Site: Demo shop (4)
Rule: Too many fail (failure_rate)
`)
  })

  test('has a subject of one line for any name of the rule', () => {
    const { subject } = alertEmail(
      format({ rule: alertRule({ name: 'a\r\nBcc: everybody@example.com\u0000' }) }),
    )
    expect(subject).toBe('[Ghostpost] Firing: a Bcc: everybody@example.com')
  })

  test('is retried for some hours, unless the mail server refused it permanently', () => {
    const failed = { kind: 'not_sent', error: 'No.', isFinal: false } as const
    const delays = [1, 2, 3, 4, 5, 6, 7].map((tries) => nextEmailDelayMs(failed, tries))
    expect(delays).toEqual([30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, null])
    expect(nextEmailDelayMs({ ...failed, isFinal: true }, 1)).toBeNull()
    expect(nextEmailDelayMs({ kind: 'sent', refused: 0 }, 1)).toBeNull()
  })
})

describe('the limits of a rule', () => {
  test('have defaults for each kind', () => {
    expect(readAlertLimits('failure_rate', {})).toEqual({
      ok: true,
      limits: { threshold: 20, windowSeconds: 900, minimumCount: 20 },
    })
    expect(readAlertLimits('destination_disabled', {})).toEqual({
      ok: true,
      limits: { threshold: null, windowSeconds: null, minimumCount: null },
    })
  })

  test.each([
    ['failure_rate', { threshold: 101 }, 'threshold', 'from 0.1 to 100 for failure_rate'],
    ['not_draining', { windowSeconds: 60 }, 'windowSeconds', 'from 300 to 86400 for not_draining'],
    ['queue_age', { windowSeconds: 60 }, 'windowSeconds', 'no value, because queue_age has no such limit'],
    [
      'destination_disabled',
      { threshold: 1 },
      'threshold',
      'no value, because destination_disabled has no such limit',
    ],
  ] as const)('of a %s rule are refused: %j', (kind, limits, limit, expected) => {
    expect(readAlertLimits(kind, limits)).toEqual({ ok: false, limit, expected })
  })
})

describe('text that could break a message', () => {
  const hostile = 'Leads\r\nDetails: https://evil.example\u2028\u001b[31m\u202efail'
  const shown = 'Leads Details: https://evil.example [31mfail'
  const message = format({
    rule: alertRule({ name: hostile, siteName: hostile, kind: 'destination_disabled', threshold: null }),
    measured: {
      kind: 'destination_disabled',
      window,
      destinations: [{ id: 'd', name: hostile, receiver: 'hooks.example.com', reason: hostile }],
    },
    value: 1,
    causes: [{ ...cause, receiver: hostile, message: hostile }],
  })

  test('adds no line, and no control or bidirectional control, to an e-mail', () => {
    const { subject, body } = alertEmail(message)
    expect(subject).toBe(`[Ghostpost] Firing: ${shown}`)
    expect(body.split('\n')).toEqual([
      expect.stringContaining(`“${shown}” (hooks.example.com): ${shown}`),
      '',
      'Most frequent causes:',
      `- 50 × ${shown}: ${shown} (receiver_unavailable) Check the receiver.`,
      '',
      `Details: ${message.link}`,
      '',
      `Site: ${shown} (4)`,
      `Rule: ${shown} (destination_disabled)`,
      '',
    ])
  })

  test.each(['custom', 'slack', 'discord'] as const)('nor to a message of type %s', (type) => {
    const payload = alertPayload(type, { ...message, causes: [] }, now)
    expect(JSON.stringify(payload)).not.toMatch(/\\r|\\u001b|[\u2028\u202e]|Leads\\n/)
  })
})
