export { checkReadiness } from './check-readiness.ts'
export { openResources, type Resources } from './open-resources.ts'
export { waitOrSecondStopSignal, runMain, stopWithin, waitForStopSignal } from './process-lifecycle.ts'
export { userAgent, version } from './version.ts'
