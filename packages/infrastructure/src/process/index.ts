export { checkReadiness } from './check-readiness.ts'
export { openResources, type Resources } from './open-resources.ts'
export { askedAgainWithin, runMain, stopWithin, untilAskedToStop } from './process-lifecycle.ts'
export { userAgent, version } from './version.ts'
