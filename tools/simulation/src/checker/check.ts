import { checkEnds } from './check-ends.ts'
import { checkRequests } from './check-requests.ts'
import { checkResponses } from './check-responses.ts'
import type { Observation, Violation } from './observation.ts'

/** Every broken promise of a run. */
export function check(observation: Observation): Violation[] {
  return [...checkRequests(observation), ...checkResponses(observation), ...checkEnds(observation)]
}
