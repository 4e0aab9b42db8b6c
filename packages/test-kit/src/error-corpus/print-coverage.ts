import type { Verdict } from '@ghostpost/delivery/deliver'
import { judgeErrorResponse, readErrorCorpus, type JudgedResponse } from './judge-corpus.ts'

/** Prints how many responses of the corpus have which cause, by tool. `npm run corpus` runs it. */
function printCoverage(): void {
  const judged = readErrorCorpus().map((response) => judgeErrorResponse(response, new Date()))
  for (const [tool, responses] of Map.groupBy(
    judged,
    ({ response }) => `${response.tool} (${response.mode})`,
  )) {
    const generic = responses.filter(({ isGeneric }) => isGeneric)
    console.log(`\n${tool}: ${responses.length} responses, ${generic.length} with a generic cause`)
    for (const [cause, members] of Map.groupBy(responses, (one) => causeOf(one.verdict))) {
      console.log(`  ${cause.padEnd(52)}${String(members.length).padStart(4)}  ${decisionsOf(members)}`)
    }
  }
  const total = judged.filter(({ isGeneric }) => isGeneric).length
  console.log(`\n${judged.length} responses, ${total} with a generic cause`)
  if (total > 0) process.exitCode = 1
}

function causeOf(verdict: Verdict): string {
  return verdict.decision === 'delivered' ? 'delivered' : verdict.failure.cause
}

function decisionsOf(members: readonly JudgedResponse[]): string {
  return [...new Set(members.map(({ verdict }) => verdict.decision))].join(', ')
}

printCoverage()
