import type { Lane } from '@ghostpost/delivery/deliver'
import {
  LaneParams,
  LanePauseBody,
  SystemView,
  type SystemView as View,
} from '@ghostpost/delivery/contract/system'
import { isAdminEverywhere } from '@ghostpost/infrastructure/database/stats'
import { pauseLane as pause, resumeLane as resume } from '@ghostpost/infrastructure/database/upkeep'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { readInstallation } from './read-installation.ts'
import { queueBoardPath } from '../../server/serve-queue-board.ts'
import { actorOf, defineRoute, sessionOf, type RouteContext } from '../../server/route.ts'

export const readSystem = defineRoute({
  method: 'GET',
  url: '/api/system',
  access: 'session',
  summary: 'Read the state of the installation: stores, lanes, workers, backlog',
  description: 'Numbers of all sites together, counted at most once a second.',
  tag: 'Operations',
  responses: { 200: SystemView },
  errors: [401],
  handle: (context, request) => readSystemView(context, sessionOf(request).userId),
})

const laneRoute = {
  method: 'POST',
  access: 'installation',
  tag: 'Operations',
  params: LaneParams,
  responses: { 200: SystemView },
  errors: [400, 401, 403, 404, 409],
} as const

export const pauseLane = defineRoute({
  ...laneRoute,
  url: '/api/system/lanes/:lane/pause',
  summary: 'Pause a lane',
  description:
    'Within two seconds workers stop taking deliveries from the lane; running attempts finish. It ' +
    'affects all sites and needs the role admin in every site.',
  body: LanePauseBody,
  handle: async (context, request) => {
    const { reason } = request.body
    await pause(context.database, laneIn(request), reason, actorOf(request))
    return readSystemView(context, sessionOf(request).userId)
  },
})

export const resumeLane = defineRoute({
  ...laneRoute,
  url: '/api/system/lanes/:lane/resume',
  summary: 'Resume a lane',
  handle: async (context, request) => {
    if (!(await resume(context.database, laneIn(request), actorOf(request))))
      throw new ApiError('lane_running', 'This lane is not paused.')
    return readSystemView(context, sessionOf(request).userId)
  },
})

function laneIn({ params }: FastifyRequest<{ Params: { lane: Lane } }>): Lane {
  return params.lane
}

async function readSystemView(context: RouteContext, userId: string): Promise<View> {
  const [installation, mayPause] = await Promise.all([
    readInstallation(context),
    isAdminEverywhere(context.database, userId),
  ])
  const rawQueues = context.settings.GHOSTPOST_RAW_QUEUES ? queueBoardPath : null
  return { ...installation, may_pause: mayPause, raw_queues: rawQueues }
}
