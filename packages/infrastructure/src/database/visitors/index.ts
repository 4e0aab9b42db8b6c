export { eraseVisitor } from './erase-visitor.ts'
