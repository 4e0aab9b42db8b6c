import type { MoveRecord } from './history.ts'

/**
 * The state diagram of ARCHITECTURE.md, written a second time. A takeover moves from delivering to delivering. A
 * worker's known outcome corrects the record that its attempt was interrupted: from retrying or failed.
 */
const legalMoves: Readonly<Record<string, readonly string[]>> = {
  queued: ['delivering', 'cancelled'],
  delivering: ['delivering', 'delivered', 'retrying', 'failed', 'queued', 'cancelled'],
  retrying: ['delivering', 'delivered', 'failed', 'cancelled'],
  delivered: ['queued'],
  failed: ['queued', 'delivered', 'retrying'],
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
