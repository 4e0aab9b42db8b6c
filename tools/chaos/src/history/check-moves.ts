import type { MoveRecord } from './history.ts'

/** The state diagram of ARCHITECTURE.md, written a second time. A takeover moves from delivering to delivering. */
const legalMoves: Readonly<Record<string, readonly string[]>> = {
  queued: ['delivering', 'cancelled'],
  delivering: ['delivering', 'delivered', 'retrying', 'failed', 'queued', 'cancelled'],
  retrying: ['delivering', 'cancelled'],
  delivered: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
}

/** @param moves of one delivery, in order. @returns what is wrong with them */
export function checkMoves(moves: readonly MoveRecord[]): string[] {
  const wrong: string[] = []
  let state: string | null = null
  for (const { from, to } of moves) {
    if (from !== state) wrong.push(`it was ${state ?? 'new'}, and moved from ${from ?? 'nothing'} to ${to}`)
    const isLegal = from === null ? to === 'queued' : (legalMoves[from] ?? []).includes(to)
    if (!isLegal) wrong.push(`it moved from ${from ?? 'nothing'} to ${to}`)
    state = to
  }
  return wrong
}
