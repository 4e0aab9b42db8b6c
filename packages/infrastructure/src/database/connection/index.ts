export { passingFaultOf, type PassingFault } from './database-error.ts'
export { readListsFrom, readListsFromReplica, type ListReader, type ReadLists } from './list-reader.ts'
export { openDatabase, type Database } from './open-database.ts'
export {
  siteOfAlertRule,
  siteOfApiKey,
  siteOfDelivery,
  siteOfDestination,
  siteOfOperation,
} from './find-site.ts'
