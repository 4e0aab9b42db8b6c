import { setTimeout as pause } from 'node:timers/promises'

interface CalledApi {
  name: string
  address: string
}

interface CallResult {
  api: string
  /** HTTP status; 0 without a response. */
  status: number
  deliveryId: string | null
}

export interface SteadyCallers {
  results: readonly CallResult[]
  /** Adds an API, as in a load balancer. */
  add: (api: CalledApi) => void
  /** Removes an API; resolves when all its calls have a response. */
  drain: (name: string) => Promise<void>
  stop: () => Promise<void>
}

const callerCount = 4
const pauseMs = 25

/**
 * Starts callers that export one visitor after another, each at the next API in turn. They never repeat a call, so
 * every response other than 200 and 202 is a failure.
 * @param bodyOf the body of the request with this number
 */
export function startCallers(session: string, bodyOf: (number: number) => object): SteadyCallers {
  const apis: CalledApi[] = []
  const results: CallResult[] = []
  const inFlight = new Map<Promise<void>, string>()
  let count = 0
  const stopping = new AbortController()
  const call = async (): Promise<void> => {
    const number = (count += 1)
    const api = apis[number % apis.length]
    if (!api) return
    const note = async (): Promise<void> =>
      void results.push(await sendExport(api, session, number, bodyOf(number)))
    const sending = note().finally(() => inFlight.delete(sending))
    inFlight.set(sending, api.name)
    await sending
  }
  const loops = Array.from({ length: callerCount }, async () => {
    while (!stopping.signal.aborted) {
      await call()
      await pause(pauseMs)
    }
  })
  return {
    results,
    add: (api) => void apis.push(api),
    drain: async (name) => {
      apis.splice(0, apis.length, ...apis.filter((api) => api.name !== name))
      await Promise.all([...inFlight].filter(([, api]) => api === name).map(([sending]) => sending))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function sendExport(
  api: CalledApi,
  session: string,
  number: number,
  body: object,
): Promise<CallResult> {
  try {
    const response = await fetch(`${api.address}/api/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `session=${session}`,
        'idempotency-key': `call-${number}`,
        prefer: number % 3 === 0 ? 'respond-async' : 'wait=5',
      },
      body: JSON.stringify(body),
    })
    const { delivery_id } = (await response.json()) as { delivery_id?: string }
    return { api: api.name, status: response.status, deliveryId: delivery_id ?? null }
  } catch {
    return { api: api.name, status: 0, deliveryId: null }
  }
}
