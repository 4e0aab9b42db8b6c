export { isDatabaseUnavailable } from './is-unavailable.ts'
export { readListsFrom, readListsFromReplica, type ListReads, type ReadLists } from './list-reads.ts'
export { openDatabase, type Database } from './open-database.ts'
export { siteOfAlertRule, siteOfDelivery, siteOfDestination, siteOfOperation } from './site-of.ts'
