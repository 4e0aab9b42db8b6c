import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { Settings } from '@ghostpost/infrastructure/config'
import type { FastifyInstance } from 'fastify'
import { openAdmission, overloaded, type Admission } from './admission.ts'

/** Beyond this share of the heap's limit, collecting garbage is most of what a process does. */
const heapShareMax = 0.85

/** Starting makes the event loop lag and leaves a heap full of garbage; callers are not to blame. */
const startGraceMs = 5_000

/**
 * Refuses, before anything is read or stored, what would make this process slow for all: too many requests under way,
 * an event loop that lags, a heap that is nearly full. Probes are always answered.
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
