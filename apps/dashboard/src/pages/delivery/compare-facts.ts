import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { tellDuration } from '../../ui/tell-time.ts'
import { headlineOf } from './headline-of.ts'
import { phasesOf } from './phases.tsx'

type Attempt = DeliveryView['attempts'][number]

export interface ComparedFact {
  name: string
  first: string
  second: string
}

/** What is to be said of two attempts, side by side: what came of them, how long each part took, what was sent and answered. */
export function compareFacts(first: Attempt, second: Attempt): ComparedFact[] {
  const both = (name: string, tell: (attempt: Attempt) => string): ComparedFact => ({
    name,
    first: tell(first),
    second: tell(second),
  })
  return [
    both('Outcome', headlineOf),
    both('Meant', ({ decision }) => decision.replaceAll('_', ' ')),
    both('Cause', ({ error }) => error?.code ?? '–'),
    both('Took', ({ duration_ms: took }) => tellDuration(took)),
    ...phases(first, second),
    ...headers('Sent', first.request_headers, second.request_headers),
    ...headers('Answered', first.response_headers, second.response_headers),
  ]
}

function phases(first: Attempt, second: Attempt): ComparedFact[] {
  const [one, other] = [first, second].map(
    ({ timings }) =>
      new Map(
        (timings ? phasesOf(timings) : []).map(({ name, from, to }) => [name, tellDuration(to - from)]),
      ),
  )
  const names = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])]
  return names.map((name) => ({ name, first: one?.get(name) ?? '–', second: other?.get(name) ?? '–' }))
}

type Headers = Readonly<Record<string, string>> | null

/** Only those that differ: most are the same each time. */
function headers(what: string, first: Headers, second: Headers): ComparedFact[] {
  const names = [...new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})])]
  return names
    .map((name) => ({ name: `${what}: ${name}`, first: first?.[name] ?? '–', second: second?.[name] ?? '–' }))
    .filter((fact) => fact.first !== fact.second)
}
