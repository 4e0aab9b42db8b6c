import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { Settings } from '@ghostpost/infrastructure/config'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openAdmission, overloaded, type Admission } from './admission.ts'
import { queueBoardPath } from './serve-queue-board.ts'

/** Above this share of the heap limit, a process spends most of its time on garbage collection. */
const heapShareMax = 0.85

/** Start-up itself delays the event loop and fills the heap, so pressure is ignored for this time after it. */
const startGraceMs = 5_000

/**
 * Refuses requests, before anything is read or stored, while the event loop lags, or the heap is nearly full. Probes
 * and the files of the dashboard are never refused. The routes take slots of the returned admission when they know
 * their caller; pages of plugins have anonymous callers.
 */
export async function registerLoadShedding(app: FastifyInstance, settings: Settings): Promise<Admission> {
  const admission = openAdmission(settings.GHOSTPOST_MAX_IN_FLIGHT)
  app.decorateRequest('slot', null)
  let graceUntil = Infinity
  app.addHook('onListen', async () => void (graceUntil = performance.now() + startGraceMs))
  await app.register(underPressure, {
    maxEventLoopDelay: settings.GHOSTPOST_MAX_LOOP_DELAY_MS,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * heapShareMax),
    pressureHandler: (request) => {
      if (isNeverShed(request) || performance.now() < graceUntil) return
      throw overloaded()
    },
  })
  app.addHook('onRequest', async (request, reply) => {
    const { config, url = '' } = request.routeOptions
    const isPage = config.access === undefined && !url.startsWith('/ops') && !request.is404
    if (isPage) admission.admitAnonymous(request, reply)
  })
  return admission
}

function isNeverShed({ routeOptions: { config, url = '' } }: FastifyRequest): boolean {
  return config.probe === true || (url.startsWith('/ops') && !url.startsWith(queueBoardPath))
}
