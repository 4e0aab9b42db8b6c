import { typesWith, type WebhookType } from '@ghostpost/delivery/destinations'
import type { Reaction } from '../stores/index.ts'
import type { Action, History } from './history.ts'

const signedType = firstOf(typesWith(({ signed }) => signed))
const chatType = firstOf(typesWith(({ repeatable }) => !repeatable))
const crmType = firstOf(typesWith(({ oneRecordPerVisitor }) => oneRecordPerVisitor))

function firstOf(types: readonly WebhookType[]): WebhookType {
  const [first] = types
  if (first === undefined) throw new Error('no destination type has this trait')
  return first
}

const siteId = 1
const ghostVid = 'gv_1'
const destinationId = 'dest'

/** Histories with few events, for which all single and double faults are tried. */
export const shortHistories: Readonly<Record<string, History>> = {
  'an export': history([exportTo(signedType, [])]),
  'an export that is retried': history([exportTo(signedType, ['unavailable'])]),
  'a refused export': history([exportTo(signedType, ['refuse'])]),
  'a chat message': history([exportTo(chatType, [])]),
  'a throttled chat message': history([exportTo(chatType, ['throttle'])]),
  'a chat message without a response': history([exportTo(chatType, ['hang'])]),
  'the same key twice': history([exportTo(signedType, ['unavailable']), { kind: 'again', of: 'e', atMs: 5 }]),
  'two snapshots for one record': history([
    exportTo(crmType, ['unavailable', 'unavailable']),
    { kind: 'visit', siteId, ghostVid, atMs: 500 },
    { ...exportTo(crmType, []), id: 'f', atMs: 1_000 },
  ]),
  'a cancelled export': history([
    exportTo(signedType, ['unavailable']),
    { kind: 'cancel', of: 'e', atMs: 1_000 },
  ]),
  'a resent chat message': history([
    exportTo(chatType, ['refuse']),
    { kind: 'resend', of: 'e', isConfirmed: true, atMs: 3_000 },
  ]),
  'an erasure': history([
    exportTo(signedType, ['unavailable']),
    { kind: 'erase', siteId, ghostVid, atMs: 40 },
  ]),
  'a receiver that is gone': history(
    [
      { ...exportTo(signedType, ['gone']), to: { destinationId } },
      { kind: 'again', of: 'e', atMs: 20_000 },
    ],
    true,
  ),
  'an export during an erasure': history([
    { kind: 'erase', siteId, ghostVid, atMs: 0 },
    { ...exportTo(signedType, []), atMs: 100 },
  ]),
  'a paused destination': history([
    { ...exportTo(signedType, ['unavailable']), to: { destinationId } },
    { kind: 'pause-destination', of: destinationId, atMs: 500 },
    { kind: 'resume-destination', of: destinationId, atMs: 20_000 },
  ]),
  'a resend while it waits': history([
    exportTo(signedType, ['unavailable']),
    { kind: 'resend', of: 'e', isConfirmed: true, atMs: 1_000 },
  ]),
  'a resend when the payload expires': {
    ...history([
      { ...exportTo(signedType, ['accept', 'unavailable', 'unavailable', 'unavailable']), atMs: 2_000 },
      { kind: 'resend', of: 'e', isConfirmed: true, atMs: 81_000 },
    ]),
    workers: 1,
  },
  'a cancelled member of an operation': history([
    exportTo(signedType, ['refuse', 'unavailable', 'unavailable']),
    {
      kind: 'operation',
      id: 'op',
      atMs: 2_000,
      siteId,
      operation: 'resend',
      select: 'failed',
      destinationId: null,
      rate: 50,
      canary: false,
      reactions: [],
    },
    { kind: 'cancel', of: 'e', atMs: 4_500 },
  ]),
  'an operation': history([
    exportTo(signedType, ['refuse']),
    {
      kind: 'operation',
      id: 'op',
      atMs: 2_000,
      siteId,
      operation: 're_export',
      select: 'failed',
      destinationId: null,
      rate: 50,
      canary: false,
      reactions: [],
    },
  ]),
}

function exportTo(
  webhookType: WebhookType,
  reactions: readonly Reaction[],
): Extract<Action, { kind: 'export' }> {
  return { kind: 'export', id: 'e', atMs: 0, siteId, ghostVid, to: { webhookType }, hasKey: true, reactions }
}

function history(actions: readonly Action[], hasRule = false): History {
  return {
    seed: 1,
    visitors: [{ siteId, ghostVid }],
    destinations: [
      { id: destinationId, siteId, webhookType: signedType },
      { id: 'alerts', siteId, webhookType: chatType },
    ],
    rules: hasRule
      ? [{ id: 'gone', siteId, kind: 'destination_disabled', threshold: 1, destinationId: 'alerts' }]
      : [],
    actions,
    faults: [],
    workers: 2,
    apis: 1,
  }
}
