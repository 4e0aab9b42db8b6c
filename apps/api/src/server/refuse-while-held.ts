import { ApiError } from './api-error.ts'
import type { RouteContext } from './route.ts'

/** Throws `installation_held` while the installation sends nothing, for calls that mean to send now. */
export function refuseWhileHeld({ settings }: Pick<RouteContext, 'settings'>): void {
  if (settings.GHOSTPOST_HOLD)
    throw new ApiError('installation_held', 'The installation is held and sends nothing.')
}
