import { OperationParams, OperationView, PauseBody } from '@ghostpost/delivery/contract/operations'
import {
  cancelOperation as cancel,
  pauseOperation as pause,
  resumeOperation as resume,
} from '@ghostpost/infrastructure/database/operations'
import { operationAfterChange, operationInPath } from './operation-after-change.ts'
import { requeueAfterResume } from '../destinations/requeue-after-resume.ts'
import { siteOfOperationInPath } from '../../server/site-of-request.ts'
import { actorOf, defineRoute } from '../../server/route.ts'

const common = {
  method: 'POST',
  access: { role: 'operator', site: siteOfOperationInPath },
  tag: 'Operations',
  params: OperationParams,
  responses: { 200: OperationView },
  errors: [400, 401, 403, 404, 409],
} as const

export const pauseOperation = defineRoute({
  ...common,
  url: '/api/operations/:id/pause',
  summary: 'Hold an operation',
  description: 'Nothing more of it is begun; what is being sent right now settles.',
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
  summary: 'Go on with an operation that was held',
  description: 'After a canary that failed: with all the rest, without another canary.',
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
  summary: 'End an operation',
  description:
    'What of it waits is cancelled; what was delivered stays delivered, and the ledger says which is which.',
  handle: async (context, request) => {
    const id = operationInPath(request)
    return operationAfterChange(context, id, await cancel(context.database, id, actorOf(request)))
  },
})
