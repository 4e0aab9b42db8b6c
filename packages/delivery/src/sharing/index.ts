export { openBursts, type Bursts, type BurstLimits } from './bursts.ts'
export { openFairQueue, type FairQueue, type FairQueueLimits, type WhileIdle } from './fair-queue.ts'
export { defaultShare, openFairSlots, type FairSlots } from './fair-slots.ts'
export { openTurns, type Turns } from './turns.ts'
