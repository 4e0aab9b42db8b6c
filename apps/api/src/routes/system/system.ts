import type { Lane } from '@ghostpost/delivery/deliver'
import {
  LaneParams,
  LanePauseBody,
  SystemView,
  type SystemView as View,
} from '@ghostpost/delivery/contract/system'
import { pauseLane as pause, resumeLane as resume } from '@ghostpost/infrastructure/database/upkeep'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { readInstallation, readInstallationFor } from './read-installation.ts'
import { queueBoardPath } from '../../server/serve-queue-board.ts'
import { isInstallationAdmin } from '../../server/authorise.ts'
import { actorOf, sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const readSystem = defineRoute({
  method: 'GET',
  url: '/api/system',
  access: 'session',
  summary: 'Read the state of the installation: stores, lanes, workers, backlog',
  description:
    'Needs a role in a site. An admin of every site gets the numbers of all sites together. Any other ' +
    'account gets the backlog of its own sites, and neither the names of people and machines nor ' +
    'numbers about other sites. Counted at most once a second.',
  tag: 'Operations',
  responses: { 200: SystemView },
  errors: [401, 403, 503],
  handle: (context, request) => readSystemView(context, request),
})

const laneRoute = {
  method: 'POST',
  idempotent: true,
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
    return readSystemView(context, request)
  },
})

export const resumeLane = defineRoute({
  ...laneRoute,
  url: '/api/system/lanes/:lane/resume',
  summary: 'Resume a lane',
  handle: async (context, request) => {
    if (!(await resume(context.database, laneIn(request), actorOf(request))))
      throw new ApiError('lane_running', 'This lane is not paused.')
    return readSystemView(context, request)
  },
})

function laneIn({ params }: FastifyRequest<{ Params: { lane: Lane } }>): Lane {
  return params.lane
}

async function readSystemView(context: RouteContext, request: FastifyRequest): Promise<View> {
  const { roles } = sessionOf(request)
  if (roles.size === 0) throw new ApiError('forbidden', 'This needs a role in a site.')
  if (!(await isInstallationAdmin(context, request))) {
    const installation = await readInstallationFor(context, [...roles.keys()])
    return { ...installation, may_pause: false, raw_queues: null }
  }
  const rawQueues = context.settings.GHOSTPOST_RAW_QUEUES ? queueBoardPath : null
  return { ...(await readInstallation(context)), may_pause: true, raw_queues: rawQueues }
}
