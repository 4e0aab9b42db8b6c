import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { Settings } from '@ghostpost/infrastructure/config'
import type { FastifyInstance } from 'fastify'
import { openAdmission, overloaded, type Admission } from './admission.ts'

/** Above this share of the heap limit, a process spends most of its time on garbage collection. */
const heapShareMax = 0.85

/** Start-up itself delays the event loop and fills the heap, so pressure is ignored for this time after it. */
const startGraceMs = 5_000

/**
 * Refuses requests, before anything is read or stored, while too many are in flight, the event loop lags, or the heap
 * is nearly full. Probes are never refused.
 */
export async function registerLoadShedding(app: FastifyInstance, settings: Settings): Promise<Admission> {
  const admission = openAdmission(settings.GHOSTPOST_MAX_IN_FLIGHT)
  app.decorateRequest('slot', null)
  app.addHook('onRequest', async (request, reply) => {
    const { probe, streams } = request.routeOptions.config
    if (!probe && !streams) admission.admit(request, reply)
  })
  let graceUntil = Infinity
  app.addHook('onListen', async () => void (graceUntil = performance.now() + startGraceMs))
  await app.register(underPressure, {
    maxEventLoopDelay: settings.GHOSTPOST_MAX_LOOP_DELAY_MS,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * heapShareMax),
    pressureHandler: (request) => {
      if (request.routeOptions.config.probe || performance.now() < graceUntil) return
      throw overloaded()
    },
  })
  return admission
}
