export { LookupNotStartedError, NameNotResolvedError } from './lookup-errors.ts'
export {
  openNameResolver,
  type Lookup,
  type NameResolver,
  type NameResolverOptions,
} from './open-name-resolver.ts'
