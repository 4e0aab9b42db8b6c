import { databaseFaults } from './database-faults.ts'
import type { Fault } from './fault.ts'
import { otherFaults } from './other-faults.ts'
import { processFaults } from './process-faults.ts'
import { queueFaults } from './queue-faults.ts'

export const faults: readonly Fault[] = [...processFaults, ...queueFaults, ...databaseFaults, ...otherFaults]
