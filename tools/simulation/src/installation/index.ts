export { startCallers, type Callers } from './callers.ts'
export type { Installation } from './installation.ts'
export { openInstallation } from './open-installation.ts'
export type { CallerResponse } from './responses.ts'
