import { OperationParams, OperationView, PauseBody } from '@ghostpost/delivery/contract/operations'
import {
  cancelOperation as cancel,
  pauseOperation as pause,
  resumeOperation as resume,
} from '@ghostpost/infrastructure/database/operations'
import { operationAfterChange, operationInPath } from './operation-after-change.ts'
import { requeueAfterResume } from '../destinations/requeue-after-resume.ts'
import { siteOfOperationInPath } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

const common = {
  method: 'POST',
  access: { role: 'operator', site: siteOfOperationInPath },
  tag: 'Operations',
  idempotent: true,
  params: OperationParams,
  responses: { 200: OperationView },
  errors: [400, 401, 403, 404, 409],
} as const

export const pauseOperation = defineRoute({
  ...common,
  url: '/api/operations/:id/pause',
  summary: 'Pause an operation',
  description: 'No more members start. Attempts that are running settle.',
  body: PauseBody,
  handle: async (context, request) => {
    const { reason } = request.body
    const id = operationInPath(request)
    const change = await pause(context.database, id, reason ?? 'paused by hand', actorOf(request))
    return operationAfterChange(context, id, change)
  },
})

export const resumeOperation = defineRoute({
  ...common,
  url: '/api/operations/:id/resume',
  summary: 'Resume a paused operation',
  description: 'After a failed canary all other members start, without a second canary.',
  handle: async (context, request) => {
    const id = operationInPath(request)
    const change = await resume(context.database, id, actorOf(request))
    if (change.kind === 'changed') await requeueAfterResume(context, { operationId: id })
    return operationAfterChange(context, id, change)
  },
})

export const cancelOperation = defineRoute({
  ...common,
  url: '/api/operations/:id/cancel',
  summary: 'Cancel an operation',
  description:
    'Cancels the members that wait. Delivered members stay delivered. The ledger shows the ' +
    'outcome of each.',
  handle: async (context, request) => {
    const id = operationInPath(request)
    return operationAfterChange(context, id, await cancel(context.database, id, actorOf(request)))
  },
})
