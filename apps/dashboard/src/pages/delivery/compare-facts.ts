import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { formatDuration } from '../../ui/format-time.ts'
import { headlineOf } from './headline-of.ts'
import { phasesOf } from './phases.tsx'

type Attempt = DeliveryView['attempts'][number]

export interface ComparedFact {
  name: string
  first: string
  second: string
}

/** Two attempts side by side: outcome, decision, cause, durations, and the headers that differ. */
export function compareFacts(first: Attempt, second: Attempt): ComparedFact[] {
  const compareFact = (name: string, format: (attempt: Attempt) => string): ComparedFact => ({
    name,
    first: format(first),
    second: format(second),
  })
  return [
    compareFact('Outcome', headlineOf),
    compareFact('Decision', ({ decision }) => decision.replaceAll('_', ' ')),
    compareFact('Cause', ({ error }) => error?.code ?? '–'),
    compareFact('Duration', ({ duration_ms: ms }) => formatDuration(ms)),
    ...comparePhases(first, second),
    ...compareHeaders('Request header', first.request_headers, second.request_headers),
    ...compareHeaders('Response header', first.response_headers, second.response_headers),
  ]
}

function comparePhases(first: Attempt, second: Attempt): ComparedFact[] {
  const [one, other] = [first, second].map(
    ({ timings }) =>
      new Map(
        (timings ? phasesOf(timings) : []).map(({ name, from, to }) => [name, formatDuration(to - from)]),
      ),
  )
  const names = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])]
  return names.map((name) => ({ name, first: one?.get(name) ?? '–', second: other?.get(name) ?? '–' }))
}

type Headers = Readonly<Record<string, string>> | null

/** Only headers that differ: most are the same in each attempt. */
function compareHeaders(kind: string, first: Headers, second: Headers): ComparedFact[] {
  const names = [...new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})])]
  return names
    .map((name) => ({ name: `${kind}: ${name}`, first: first?.[name] ?? '–', second: second?.[name] ?? '–' }))
    .filter((fact) => fact.first !== fact.second)
}
