import type { DestinationType } from '../destination.ts'
import { statusCauses } from '../judge-by-status.ts'
import { customDestination, mappedBody } from './custom.ts'
import { customTraits } from './custom-traits.ts'
import { checkCustomUrl } from './custom-url.ts'

export const custom: DestinationType = {
  traits: customTraits,
  // A custom receiver is judged by its status alone.
  causes: statusCauses,
  plain: customDestination,
  mapBody: mappedBody,
  checkUrl: checkCustomUrl,
}
