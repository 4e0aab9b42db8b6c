import { expect, test } from 'vitest'
import { hubspotPause } from '../../src/destinations/hubspot/hubspot-pause.ts'
import { hubspotSetupProblems } from '../../src/destinations/hubspot/hubspot-setup.ts'
import { salesforcePause } from '../../src/destinations/salesforce/salesforce-pause.ts'
import { salesforceSetupProblems } from '../../src/destinations/salesforce/salesforce-setup.ts'
import { limitOfHost } from '../../src/destinations/webhook-limits.ts'
import { budgetReportOf } from '../../src/deliver/attempt-within-budget.ts'
import { delayAfter } from '../../src/receivers/receiver-budget.ts'
import { httpResponse } from './response-factory.ts'

const interval = 'x-hubspot-ratelimit-interval-milliseconds'

test.each([
  [{}, 0],
  [{ 'x-hubspot-ratelimit-remaining': '50', [interval]: '10000' }, 0],
  [{ 'x-hubspot-ratelimit-remaining': '2', [interval]: '10000' }, 5_000],
  [{ 'x-hubspot-ratelimit-remaining': '0', [interval]: 'x' }, 0],
])('HubSpot’s headers %j pause for %i ms', (headers, ms) => {
  expect(hubspotPause(httpResponse(200, '', headers as Record<string, string>))).toBe(ms)
})

test.each([
  ['', 0],
  ['api-usage=18/5000', 0],
  ['api-usage=4900/5000', 60_000],
  ['api-usage=1/0', 0],
])('Salesforce’s Sforce-Limit-Info %j pauses for %i ms', (value, ms) => {
  expect(salesforcePause(httpResponse(200, '', { 'sforce-limit-info': value }))).toBe(ms)
})

test('an attempt of several requests uses several times the rate', () => {
  const attempt = {
    outcome: httpResponse(200),
    startedAt: new Date(0),
    durationMs: 5,
    requests: 3,
    pauseMs: 7,
    payload: null,
    verdict: { decision: 'delivered', receipt: null },
    next: { state: 'delivered' },
  } as const
  const report = budgetReportOf(attempt)
  expect(report).toMatchObject({ kind: 'answered', furtherRequests: 2, pauseMs: 7 })
  expect(delayAfter(report, { intervalMs: 100 })).toBe(207)
})

test('the published rate of a tool applies at its own hosts', () => {
  expect(limitOfHost('hooks.slack.com')).toEqual({ requests: 1, per_seconds: 1 })
  expect(limitOfHost('discord.com')).toEqual({ requests: 5, per_seconds: 2 })
  expect(limitOfHost('chat.example.com')).toBeNull()
})

test('a Lead field that is no unique, case-sensitive external id is reported', () => {
  const field = (name: string, more: object = {}) => ({ name, type: 'double', ...more })
  const numbers = ['Ghost_Score__c', 'Ghost_Sessions__c', 'Ghost_Pageviews__c'].map((name) => field(name))
  const id = (more: object) => field('Ghost_Visitor_ID__c', { type: 'string', ...more })
  const fit = { externalId: true, unique: true, caseSensitive: true }
  const problems = (...fields: object[]) => salesforceSetupProblems(httpResponse(200, { fields }))
  expect(problems(id(fit), ...numbers)).toEqual([])
  expect(problems(id({ ...fit, caseSensitive: false }), ...numbers)).toEqual([
    expect.stringContaining('case sensitive'),
  ])
  expect(
    problems(id({ externalId: false, unique: false }), field('Ghost_Score__c', { type: 'string' })),
  ).toHaveLength(5)
  expect(salesforceSetupProblems(httpResponse(403))).toEqual([])
})

test('a contact property of another type or without unique values is reported', () => {
  const results = [
    { name: 'ghost_visitor_id', type: 'string', hasUniqueValue: false },
    { name: 'ghost_score', type: 'string' },
  ]
  const problems = hubspotSetupProblems(httpResponse(200, { results })).join(' ')
  expect(problems).toMatch(/ghost_visitor_id must have unique values/)
  expect(problems).toMatch(/ghost_score must have the type number/)
  expect(problems).toMatch(/no contact property ghost_source/)
})
