export { resealSecrets, UnreadableSecretsError } from './reseal-secrets.ts'
export {
  createDestination,
  deleteDestination,
  findDestination,
  listDestinations,
  updateDestination,
  type DestinationUpdate,
  type FoundDestination,
} from './saved-destinations.ts'
