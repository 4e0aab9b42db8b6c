import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import {
  updateDestination,
  type DestinationUpdate,
  type FoundDestination,
} from '@ghostpost/infrastructure/database/destinations'
import { ApiError } from '../../server/api-error.ts'
import type { RequestWithId } from '../../server/site-of-request.ts'
import { destinationInPath, destinationNameTaken, requireSealer } from './destination-request.ts'
import { actorOf, type RouteContext } from '../../server/route.ts'

/** Everybody who changes a destination at the same moment gets through before that. */
const triesMax = 10

/**
 * Changes the destination in the path. All its secrets are sealed together, so a change is made of what is there: where
 * somebody else was faster, it is made again of what they left.
 */
export async function changeDestination(
  context: RouteContext,
  request: RequestWithId,
  buildUpdate: (found: FoundDestination) => DestinationUpdate | Promise<DestinationUpdate>,
  action?: Parameters<typeof updateDestination>[5],
): Promise<{ before: FoundDestination; view: DestinationView }> {
  const { database, sealer } = context
  for (let tries = 0; tries < triesMax; tries += 1) {
    const before = await destinationInPath(context, request)
    requireSealer(context)
    const update = await buildUpdate(before)
    const change = await updateDestination(database, sealer, before, update, actorOf(request), action)
    if (change.kind === 'name_taken') throw destinationNameTaken()
    if (change.kind === 'changed') return { before, view: change.view }
  }
  throw new ApiError('unavailable', 'Too many change this destination at the same moment.')
}
