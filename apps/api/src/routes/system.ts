import { lanes, type Lane } from '@ghostpost/delivery'
import { LaneParams, LanePauseBody, SystemView, type SystemView as View } from '@ghostpost/delivery/contract'
import {
  isAdminEverywhere,
  listLanePauses,
  listWorkers,
  pauseLane as pause,
  readBacklog,
  resumeLane as resume,
  version,
} from '@ghostpost/infrastructure'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../api-error.ts'
import { listsFor } from '../read-lists.ts'
import { actorOf, sessionOf, type Route, type RouteContext } from './route.ts'

export const readSystem: Route = {
  method: 'GET',
  url: '/api/system',
  access: 'session',
  summary: 'How the installation is: stores, lanes, workers, what waits',
  description: 'Of all sites together; numbers only.',
  tag: 'Operations',
  responses: { 200: SystemView },
  errors: [401],
  handle: (context, request) => systemOf(context, request),
}

const ofLane = {
  method: 'POST',
  access: 'installation',
  tag: 'Operations',
  params: LaneParams,
  responses: { 200: SystemView },
  errors: [400, 401, 403, 404, 409],
} as const

export const pauseLane: Route = {
  ...ofLane,
  url: '/api/system/lanes/:lane/pause',
  summary: 'Hold a lane',
  description:
    'Within two seconds no worker takes anything of it; what is being sent settles. For all sites: needs the role admin in every one.',
  body: LanePauseBody,
  handle: async (context, request) => {
    const { reason } = request.body as { reason: string }
    await pause(context.database, laneIn(request), reason, actorOf(request))
    return systemOf(context, request)
  },
}

export const resumeLane: Route = {
  ...ofLane,
  url: '/api/system/lanes/:lane/resume',
  summary: 'Let a lane go on',
  handle: async (context, request) => {
    if (!(await resume(context.database, laneIn(request), actorOf(request))))
      throw new ApiError('lane_running', 'Nobody holds this lane.')
    return systemOf(context, request)
  },
}

function laneIn(request: FastifyRequest): Lane {
  return (request.params as { lane: Lane }).lane
}

async function systemOf(context: RouteContext, request: FastifyRequest): Promise<View> {
  const { database, queue } = context
  const [databaseCheck, queueCheck, backlog, workers, mayPause] = await Promise.all([
    database.check(),
    queue.check(),
    listsFor(context, request)(readBacklog),
    listWorkers(database),
    isAdminEverywhere(database, sessionOf(request).userId),
  ])
  return {
    version,
    checks: { database: databaseCheck, queue: queueCheck },
    lanes: queueCheck === 'down' ? null : await lanesOf(context).catch(() => null),
    backlog: {
      due: backlog.due,
      oldest_due_seconds: backlog.oldestDueSeconds,
      retries: backlog.retries.map(({ withinMinutes, count }) => ({ within_minutes: withinMinutes, count })),
      capped: backlog.capped,
    },
    workers: workers.map((worker) => ({
      id: worker.id,
      host: worker.host,
      version: worker.version,
      concurrency: worker.concurrency,
      started_at: worker.startedAt.toISOString(),
      seen_at: worker.seenAt.toISOString(),
      other_version: worker.version !== version,
    })),
    may_pause: mayPause,
  }
}

async function lanesOf({ database, queue }: RouteContext): Promise<View['lanes']> {
  const [depths, pauses] = await Promise.all([queue.depth(), listLanePauses(database)])
  return lanes.map((lane) => {
    const held = pauses.find((one) => one.lane === lane)
    const paused = held ? { reason: held.reason, by: held.pausedBy, at: held.pausedAt.toISOString() } : null
    return { lane, ...depths[lane], paused }
  })
}
