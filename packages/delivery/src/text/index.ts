export { clipText, lineOf } from './clip-text.ts'
