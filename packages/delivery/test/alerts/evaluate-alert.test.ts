import { dueDeliveryOf } from '../../src/deliver/due-delivery.ts'
import { describe, expect, test } from 'vitest'
import { evaluateAlert, testAlert } from '@ghostpost/delivery/alerts'
import type {
  AlertCause,
  AlertTarget,
  EvaluatedState,
  EvaluationPorts,
  Measurement,
  NewAlert,
  WatchedRule,
} from '@ghostpost/delivery/alerts'
import { alertRule, backlog, failureRate, now } from './alert-factory.ts'

const dashboardUrl = 'https://ghostpost.example.com/ops'

const slack: AlertTarget = {
  destinationId: 'd',
  siteId: 4,
  webhookType: 'slack',
  receiverHost: 'hooks.slack.com',
}

const cause: AlertCause = {
  count: 50,
  cause: 'receiver_unavailable',
  receiver: 'hooks.example.com',
  message: 'The receiver responded with 503.',
  remedy: null,
}

function watched(changes: Partial<WatchedRule> = {}): WatchedRule {
  return {
    rule: alertRule(),
    ruleState: { state: 'ok', notified: false, notifiedAt: null, notifiedSubjects: [] },
    samples: [],
    cooldownMs: 1_800_000,
    now,
    ...changes,
  }
}

interface MemoryAlertPorts extends EvaluationPorts {
  /** The steps in order. */
  steps: string[]
  states: EvaluatedState[]
  alerts: NewAlert[]
}

function memoryPorts(measured: Measurement, target: AlertTarget | null = slack): MemoryAlertPorts {
  const steps: string[] = []
  const states: EvaluatedState[] = []
  const alerts: NewAlert[] = []
  const step = <T>(name: string, value: T): Promise<T> => {
    steps.push(name)
    return Promise.resolve(value)
  }
  return {
    steps,
    states,
    alerts,
    measure: () => step('measure', measured),
    readCauses: () => step('read causes', [cause]),
    saveState: (evaluated) => step('save state', void states.push(evaluated)),
    lockTarget: () => step('lock target', target),
    saveAlert: (alert) => {
      alerts.push(alert)
      const unsent = {
        deliveryId: 'delivery-1',
        operationId: null,
        webhookKey: null,
        attemptsMade: 0,
        seriesStart: 0,
      }
      const delivery = alert.delivery && dueDeliveryOf({ ...alert.delivery.target, ...unsent })
      return step('save alert', { alertId: 'alert-1', delivery, emails: 1 })
    },
  }
}

const firing: WatchedRule['ruleState'] = {
  state: 'firing',
  notified: true,
  notifiedAt: new Date(now.getTime() - 60_000),
  notifiedSubjects: [],
}

describe('the evaluation of a rule', () => {
  test('stores the state and no notification while the condition does not hold', async () => {
    const ports = memoryPorts(failureRate(1, 100))
    expect(await evaluateAlert(watched(), ports, dashboardUrl)).toEqual({
      value: 1,
      notify: null,
      saved: null,
    })
    expect(ports.steps).toEqual(['measure', 'save state'])
    expect(ports.states).toMatchObject([{ value: 1, ruleState: { state: 'ok' } }])
  })

  test('stores the state and then the notification when the rule fires', async () => {
    const ports = memoryPorts(failureRate(64, 200))
    expect(await evaluateAlert(watched(), ports, dashboardUrl)).toMatchObject({
      value: 32,
      notify: 'firing',
      saved: { alertId: 'alert-1', delivery: { ...slack, deliveryId: 'delivery-1' }, emails: 1 },
    })
    expect(ports.steps).toEqual(['measure', 'save state', 'read causes', 'lock target', 'save alert'])
    expect(ports.states).toMatchObject([{ ruleState: { state: 'firing', notified: true, notifiedAt: now } }])
  })

  test('writes the payload for the type of the destination, and the e-mail', async () => {
    const ports = memoryPorts(failureRate(64, 200))
    await evaluateAlert(watched(), ports, dashboardUrl)
    const [alert] = ports.alerts
    expect(alert).toMatchObject({ phase: 'firing', email: { subject: '[Ghostpost] Firing: Too many fail' } })
    expect(alert?.email.body).toContain('50 × hooks.example.com')
    expect(JSON.parse(alert?.delivery?.payload ?? '')).toMatchObject({ blocks: expect.any(Array) })
  })

  test('stores a notification for e-mail alone when the rule has no destination', async () => {
    const ports = memoryPorts(failureRate(64, 200), null)
    const { saved } = await evaluateAlert(watched(), ports, dashboardUrl)
    expect(saved).toEqual({ alertId: 'alert-1', delivery: null, emails: 1 })
    expect(ports.alerts).toMatchObject([{ phase: 'firing', delivery: null }])
  })

  test('notifies nobody again while the rule still fires', async () => {
    const ports = memoryPorts(failureRate(64, 200))
    const { notify } = await evaluateAlert(watched({ ruleState: firing }), ports, dashboardUrl)
    expect([notify, ports.alerts]).toEqual([null, []])
  })

  test('notifies of the end without reading causes', async () => {
    const ports = memoryPorts(failureRate(1, 100))
    const { notify } = await evaluateAlert(watched({ ruleState: firing }), ports, dashboardUrl)
    expect(notify).toBe('resolved')
    expect(ports.steps).toEqual(['measure', 'save state', 'lock target', 'save alert'])
    expect(ports.states).toMatchObject([{ ruleState: { state: 'resolved', notified: false } }])
  })

  test('stores the samples of a backlog for the next evaluation', async () => {
    const rule = alertRule({ kind: 'not_draining', threshold: 100 })
    const ports = memoryPorts(backlog(7))
    await evaluateAlert(watched({ rule }), ports, dashboardUrl)
    expect(ports.states).toMatchObject([{ value: null, samples: [{ at: now.toISOString(), due: 7 }] }])
  })

  test('fails without a notification when a step fails', async () => {
    const ports = memoryPorts(failureRate(64, 200))
    ports.saveState = () => Promise.reject(new Error('the database is down'))
    await expect(evaluateAlert(watched(), ports, dashboardUrl)).rejects.toThrow('the database is down')
    expect(ports.alerts).toEqual([])
  })
})

describe('the test of a rule', () => {
  test('stores a notification that is marked as a test, and no state', async () => {
    const ports = memoryPorts(failureRate(1, 100))
    expect(await testAlert(watched(), ports, dashboardUrl)).toMatchObject({ alertId: 'alert-1' })
    expect(ports.steps).toEqual(['measure', 'read causes', 'lock target', 'save alert'])
    expect(ports.alerts).toMatchObject([
      { phase: 'test', email: { subject: '[Ghostpost] Test: Too many fail' } },
    ])
  })
})
