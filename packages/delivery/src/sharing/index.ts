export { openFairQueue, type FairQueue, type FairQueueLimits } from './fair-queue.ts'
export { defaultShare, openFairSlots, type FairSlots } from './fair-slots.ts'
