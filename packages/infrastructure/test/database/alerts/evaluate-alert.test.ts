import { randomUUID } from 'node:crypto'
import {
  evaluateDueAlert,
  findAlertRule,
  recordEmail,
  saveTestAlert,
  claimEmail,
  updateAlertRule,
  type DueEmail,
} from '@ghostpost/infrastructure/database/alerts'
import { claimDelivery } from '@ghostpost/infrastructure/database/attempts'
import { deleteDestination, findDestination } from '@ghostpost/infrastructure/database/destinations'
import { readDelivery } from '@ghostpost/infrastructure/database/log'
import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  evaluateDueRule,
  createTestDestination,
  createTestRule,
  insertDeliveries,
  options,
  sealer,
} from './alert-fixtures.ts'

let database: TestDatabase
let user: TestUser

beforeAll(async () => {
  database = await createTestDatabase()
  user = await createUser(database, [4])
})

beforeEach(async () => {
  await database.pool.query('delete from alert_rules')
  await database.pool.query('delete from email_counts')
  await database.pool.query('delete from deliveries')
  await database.pool.query('delete from destinations')
})

afterAll(() => database.drop())

const fail = (count: number): Promise<void> =>
  insertDeliveries(database, user.id, { count, state: 'failed', cause: 'receiver_unavailable' })
const deliver = (count: number): Promise<void> => insertDeliveries(database, user.id, { count })

async function view(id: string) {
  const found = await findAlertRule(database, user.id, id, true)
  if (!found) throw new Error('the rule does not exist')
  return found.view
}

async function alertDeliveries(): Promise<{ id: string; body: string; alert_rule_id: string }[]> {
  const { rows } = await database.pool.query<{ id: string; body: string; alert_rule_id: string }>(
    `select d.id, d.alert_rule_id, p.body
     from deliveries d
     join payloads p on p.delivery_id = d.id
     where d.alert_rule_id is not null
     order by d.id`,
  )
  return rows
}

describe('a rule that fires', () => {
  test('notifies once, through a delivery that is marked and has its payload', async () => {
    const destinationId = await createTestDestination(database, user.id)
    const id = await createTestRule(database, user.id, { destinationId, name: 'Too many fail' })
    await fail(3)
    await deliver(3)
    expect(await evaluateDueRule(database)).toMatchObject({
      value: 50,
      notify: 'firing',
      saved: { emails: 0 },
    })
    expect(await evaluateDueRule(database)).toMatchObject({ value: 50, notify: null, saved: null })
    const [alert, ...others] = await alertDeliveries()
    expect(others).toEqual([])
    expect(JSON.parse(alert?.body ?? '')).toMatchObject({
      type: 'ghostpost.alert',
      phase: 'firing',
      headline: 'Firing: Too many fail',
      summary: expect.stringContaining('50 % of the exports made in the last 15 minutes'),
      causes: [
        { count: 3, cause: 'receiver_unavailable', receiver: 'hooks.example.com', message: 'It failed.' },
      ],
    })
    const claim = await claimDelivery(database, sealer, 60_000)(alert?.id ?? '')
    expect(claim).toMatchObject({
      kind: 'claimed',
      claim: { payload: alert?.body, target: { url: 'https://alerts.example.com/hooks/secret' } },
    })
    expect(await readDelivery(database, user.id, alert?.id ?? '', [])).toMatchObject({ alert_rule_id: id })
  })

  test('shows its state, its last value and its last alert', async () => {
    const destinationId = await createTestDestination(database, user.id)
    const id = await createTestRule(database, user.id, { destinationId, emailTo: ['ada@example.com'] })
    expect(await view(id)).toMatchObject({ state: 'ok', last_value: null, last_alert: null, problem: null })
    await fail(4)
    const { saved } = await evaluateDueRule(database)
    expect(await view(id)).toMatchObject({
      state: 'firing',
      last_value: 100,
      last_fired_at: expect.any(String),
      last_resolved_at: null,
      last_alert: {
        phase: 'firing',
        delivery_id: saved?.delivery?.deliveryId,
        email: { state: 'waiting', error: null },
      },
    })
    await deliver(40)
    expect(await evaluateDueRule(database)).toMatchObject({ notify: 'resolved' })
    expect(await view(id)).toMatchObject({
      state: 'resolved',
      last_value: 9,
      last_resolved_at: expect.any(String),
      last_alert: { phase: 'resolved' },
    })
  })

  test('notifies once when many workers evaluate it at the same time', async () => {
    const destinationId = await createTestDestination(database, user.id)
    await createTestRule(database, user.id, { destinationId, emailTo: ['ada@example.com'] })
    await fail(10)
    const evaluations = await Promise.all(
      Array.from({ length: 12 }, () => evaluateDueAlert(database, options)),
    )
    expect(evaluations.filter((one) => one?.kind === 'evaluated' && one.notify === 'firing')).toHaveLength(1)
    expect(await alertDeliveries()).toHaveLength(1)
    expect(await database.prisma.alert.count()).toBe(1)
  })

  test('notifies through the next worker when one dies during the evaluation', async () => {
    const destinationId = await createTestDestination(database, user.id)
    const id = await createTestRule(database, user.id, { destinationId })
    await fail(10)
    // A worker that dies rolls its transaction back.
    const dying = await database.pool.connect()
    await dying.query('begin')
    await dying.query('select 1 from alert_rules where id = $1 for update', [id])
    await dying.query(`update alert_rules set state = 'firing', told = true, told_at = now()`)
    expect(await evaluateDueAlert(database, options)).toBeNull()
    dying.release(true)
    await expect.poll(() => evaluateDueAlert(database, options)).toMatchObject({ notify: 'firing' })
    expect(await alertDeliveries()).toHaveLength(1)
  })

  test('is evaluated once per interval', async () => {
    await createTestRule(database, user.id)
    expect(await evaluateDueAlert(database, { ...options, intervalMs: 60_000 })).not.toBeNull()
    expect(await evaluateDueAlert(database, { ...options, intervalMs: 60_000 })).toBeNull()
  })

  test('without recipients notifies nobody and shows the problem', async () => {
    const destinationId = await createTestDestination(database, user.id)
    const id = await createTestRule(database, user.id, { destinationId })
    const found = await findDestination(database, sealer, user.id, destinationId)
    if (found) await deleteDestination(database, found, { userId: user.id, requestId: 'r', ip: '192.0.2.1' })
    await fail(10)
    expect(await evaluateDueRule(database)).toMatchObject({
      notify: 'firing',
      saved: { delivery: null, emails: 0 },
    })
    expect(await view(id)).toMatchObject({ problem: 'nobody_is_told', notify: { destination_id: null } })
  })

  test('that is disabled is not evaluated and loses its state', async () => {
    const id = await createTestRule(database, user.id)
    await fail(10)
    await evaluateDueRule(database)
    const found = await findAlertRule(database, user.id, id, true)
    const actor = { userId: user.id, requestId: 'r', ip: '192.0.2.1' }
    if (found) await updateAlertRule(database, found, { enabled: false }, actor, true)
    expect(await evaluateDueAlert(database, options)).toBeNull()
    expect(await view(id)).toMatchObject({ enabled: false, state: 'ok' })
  })

  test('whose evaluation fails does not delay the others', async () => {
    const broken = await createTestRule(database, user.id)
    await database.pool.query(`update alert_rules set samples = '{}', kind = 'not_draining' where id = $1`, [
      broken,
    ])
    const other = await createTestRule(database, user.id)
    const results = [
      await evaluateDueAlert(database, { ...options, intervalMs: 60_000 }),
      await evaluateDueAlert(database, { ...options, intervalMs: 60_000 }),
    ]
    expect(results.map((one) => [one?.rule.id, one?.kind])).toEqual([
      [broken, 'failed'],
      [other, 'evaluated'],
    ])
  })
})

describe('an alert that cannot be delivered', () => {
  test('causes no other alert', async () => {
    const destinationId = await createTestDestination(database, user.id)
    await createTestRule(database, user.id, { destinationId, cooldownSeconds: 0 })
    await createTestRule(database, user.id, {
      kind: 'dead_letters',
      threshold: 1,
      minimumCount: null,
      destinationId,
    })
    const alertRuleId = randomUUID()
    const failed = { count: 50, state: 'failed', cause: 'not_found', destinationId }
    await insertDeliveries(database, user.id, { ...failed, alertRuleId })
    await insertDeliveries(database, user.id, { ...failed, sample: true })
    expect(await evaluateDueRule(database)).toMatchObject({ value: null, notify: null })
    expect(await evaluateDueRule(database)).toMatchObject({ value: 0, notify: null })
  })
})

describe('e-mails', () => {
  const claimDueEmail = async (): Promise<DueEmail> => {
    const due = await claimEmail(database)
    if (!due) throw new Error('no e-mail is due')
    return due
  }

  const fireWithEmail = async (): Promise<void> => {
    await createTestRule(database, user.id, { emailTo: ['ada@example.com', 'bob@example.com'], name: 'Mail' })
    await fail(10)
    await evaluateDueRule(database)
  }

  test('are claimed by one of many workers', async () => {
    await fireWithEmail()
    const all = await Promise.all(Array.from({ length: 10 }, () => claimEmail(database)))
    const emails = all.filter((one) => one !== null)
    expect(emails).toMatchObject([
      { to: ['ada@example.com', 'bob@example.com'], subject: '[Ghostpost] Firing: Mail', tryNumber: 1 },
    ])
  })

  test('that were sent are not sent again', async () => {
    await fireWithEmail()
    const due = await claimDueEmail()
    expect(await recordEmail(database, due, { kind: 'sent', refused: 1 })).toMatchObject({ state: 'sent' })
    expect(await claimEmail(database, due.alertId)).toBeNull()
  })

  test('of a worker that died are sent by another one, whose record counts', async () => {
    await fireWithEmail()
    const first = await claimDueEmail()
    await database.pool.query('update alerts set email_due_at = now()')
    const second = await claimDueEmail()
    expect([first.tryNumber, second.tryNumber]).toEqual([1, 2])
    await recordEmail(database, first, { kind: 'not_sent', error: 'Late.', isFinal: true })
    await recordEmail(database, second, { kind: 'sent', refused: 0 })
    expect(await database.prisma.alert.findFirst()).toMatchObject({ emailState: 'sent', emailError: null })
  })

  test('are retried, and given up on when the refusal is permanent', async () => {
    await fireWithEmail()
    const failed = { kind: 'not_sent', error: 'Busy.', isFinal: false } as const
    expect(await recordEmail(database, await claimDueEmail(), failed)).toEqual({
      state: 'waiting',
      error: 'Busy.',
    })
    expect(await claimEmail(database)).toBeNull()
    await database.pool.query('update alerts set email_due_at = now()')
    const final = await recordEmail(database, await claimDueEmail(), { ...failed, isFinal: true })
    expect(final).toMatchObject({ state: 'failed' })
    expect(await database.prisma.alert.findFirst()).toMatchObject({ emailDueAt: null, emailState: 'failed' })
  })
})

test('a test of a rule is stored and marked, and does not change the rule', async () => {
  const destinationId = await createTestDestination(database, user.id, 'slack')
  const id = await createTestRule(database, user.id, { destinationId, emailTo: ['ada@example.com'] })
  await fail(10)
  const actor = { userId: user.id, requestId: 'r', ip: '192.0.2.1' }
  const tested = await saveTestAlert(database, id, options, actor)
  const saved = { delivery: { webhookType: 'slack' }, emails: 1 }
  expect(tested).toMatchObject({ kind: 'saved', saved })
  expect((await alertDeliveries())[0]?.body).toContain('This is a test of the alert')
  expect(await view(id)).toMatchObject({ state: 'ok', last_fired_at: null, last_alert: { phase: 'test' } })
  // The caller of the test sends it.
  expect(await claimEmail(database)).toBeNull()
  expect(await saveTestAlert(database, randomUUID(), options, actor)).toBeNull()
})

describe('e-mails within one hour', () => {
  const actorOf = ({ id }: TestUser) => ({ userId: id, requestId: 'r', ip: '192.0.2.1' })
  const emailTo = Array.from({ length: 10 }, (_one, n) => `person${n}@example.com`)

  /** Sends tests of a rule until one is refused; returns how many were sent. */
  async function testUntilRefused(newRule: () => Promise<string>, tester: TestUser): Promise<number> {
    for (let sent = 0; sent < 60; sent += 1) {
      const tested = await saveTestAlert(database, await newRule(), options, actorOf(tester))
      if (tested?.kind !== 'limited') continue
      expect(tested.retryAfterSeconds).toBeGreaterThan(0)
      expect(tested.retryAfterSeconds).toBeLessThanOrEqual(3_600)
      return sent
    }
    return 60
  }

  test('are at most ten tests of one person, and twenty of one site, whatever rules are deleted', async () => {
    const newRule = async (): Promise<string> => {
      await database.pool.query('delete from alert_rules')
      return createTestRule(database, user.id, { emailTo })
    }
    expect(await testUntilRefused(newRule, user)).toBe(10)
    expect(await testUntilRefused(newRule, await createUser(database, [4]))).toBe(10)
    expect(await testUntilRefused(newRule, await createUser(database, [4]))).toBe(0)
    expect(await claimEmail(database)).toBeNull()
  })

  test('of a test without addresses are not counted', async () => {
    const id = await createTestRule(database, user.id, {
      destinationId: await createTestDestination(database, user.id),
    })
    expect(await testUntilRefused(async () => id, user)).toBe(60)
  })

  test('are at most twenty of one rule: a further alert is stored, and shows why no e-mail was sent', async () => {
    const id = await createTestRule(database, user.id, { emailTo: ['ada@example.com'], cooldownSeconds: 0 })
    await fail(10)
    for (let alert = 0; alert < 22; alert += 1) {
      await database.pool.query(`update alert_rules set state = 'ok', told = false, told_at = null`)
      await evaluateDueRule(database)
    }
    expect(await database.prisma.alert.groupBy({ by: ['emailState'], _count: true })).toEqual(
      expect.arrayContaining([
        { emailState: 'waiting', _count: 20 },
        { emailState: 'failed', _count: 2 },
      ]),
    )
    expect((await view(id)).last_alert?.email).toEqual({
      state: 'failed',
      error: expect.stringContaining('Not sent'),
    })
  })

  test('go to at most 500 addresses of one site, also when rules are deleted and many fire at once', async () => {
    await fail(10)
    const fireThirty = async (): Promise<void> => {
      for (let rule = 0; rule < 30; rule += 1) await createTestRule(database, user.id, { emailTo })
      const once = { ...options, intervalMs: 60_000 }
      await Promise.all(Array.from({ length: 30 }, () => evaluateDueAlert(database, once)))
    }
    await fireThirty()
    await database.pool.query('delete from alert_rules')
    await fireThirty()
    const { rows } = await database.pool.query<{ emails: number }>(
      `select emails from email_counts where subject = 'site:4'`,
    )
    expect(rows).toEqual([{ emails: 500 }])
    expect(await database.prisma.alert.count({ where: { emailState: 'waiting' } })).toBe(20)
  })

  test('count anew in the next hour', async () => {
    const id = await createTestRule(database, user.id, { emailTo })
    expect(await testUntilRefused(async () => id, user)).toBe(10)
    await database.pool.query(`update email_counts set hour = hour - interval '1 hour'`)
    expect(await saveTestAlert(database, id, options, actorOf(user))).toMatchObject({ kind: 'saved' })
  })
})
