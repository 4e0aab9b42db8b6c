import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import {
  updateDestination,
  type DestinationUpdate,
  type FoundDestination,
} from '@ghostpost/infrastructure/database/destinations'
import { ApiError } from '../../server/api-error.ts'
import type { RequestWithId } from '../../server/site-of-request.ts'
import { destinationInPath, destinationNameTaken, requireSealer } from './destination-request.ts'
import { actorOf } from '../../server/caller.ts'
import type { RouteContext } from '../../server/route.ts'

/** More tries than a destination has concurrent changes in practice. */
const triesMax = 10

/**
 * Changes the destination in the path. All its secrets are sealed together, so an update must contain the unchanged
 * ones too. If another request changed the destination meanwhile, this builds the update again from the new state.
 * @param buildUpdate computes the update from the current destination; may run more than once
 * @throws ApiError `destination_exists` if the name is taken, `unavailable` after ten conflicts
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
  throw new ApiError('unavailable', 'Other requests keep changing this destination. Try again.')
}
