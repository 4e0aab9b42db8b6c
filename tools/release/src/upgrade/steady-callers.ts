import { setTimeout as pause } from 'node:timers/promises'

interface CalledApi {
  name: string
  address: string
}

interface Answered {
  api: string
  /** 0 where there was no answer. */
  status: number
  deliveryId: string | null
}

export interface SteadyCallers {
  answers: readonly Answered[]
  /** As a load balancer would: from now on it is called, too. */
  add: (api: CalledApi) => void
  /** From now on it is not called; resolves when all it was asked has been answered. */
  drain: (name: string) => Promise<void>
  stop: () => Promise<void>
}

const callers = 4
const betweenMs = 25

/**
 * Callers who export one visitor after the other, each at the next API in turn, and never twice for the same reason: an
 * answer that is none of 200 and 202 is one too many.
 * @param bodyOf the body of the request with this number
 */
export function startCallers(session: string, bodyOf: (number: number) => object): SteadyCallers {
  const apis: CalledApi[] = []
  const answers: Answered[] = []
  const underWay = new Map<Promise<void>, string>()
  let count = 0
  const stopping = new AbortController()
  const call = async (): Promise<void> => {
    const number = (count += 1)
    const api = apis[number % apis.length]
    if (!api) return
    const note = async (): Promise<void> => void answers.push(await ask(api, session, number, bodyOf(number)))
    const asked = note().finally(() => underWay.delete(asked))
    underWay.set(asked, api.name)
    await asked
  }
  const loops = Array.from({ length: callers }, async () => {
    while (!stopping.signal.aborted) {
      await call()
      await pause(betweenMs)
    }
  })
  return {
    answers,
    add: (api) => void apis.push(api),
    drain: async (name) => {
      apis.splice(0, apis.length, ...apis.filter((api) => api.name !== name))
      await Promise.all([...underWay].filter(([, api]) => api === name).map(([asked]) => asked))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function ask(api: CalledApi, session: string, number: number, body: object): Promise<Answered> {
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
