export { openCallLimits, type CallLimits } from './open-call-limits.ts'
