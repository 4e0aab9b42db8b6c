import type { Settings } from '../config/load-settings.ts'
import { createSender, type Sender } from './create-sender.ts'
import { cachedListeners } from './own-listeners.ts'

/** Opens the sender with the settings, for the API and the worker. */
export function openSender(settings: Settings): Sender {
  const listeners = cachedListeners(settings)
  return createSender({
    connectTimeoutMs: settings.GHOSTPOST_CONNECT_TIMEOUT_MS,
    responseTimeoutMs: settings.GHOSTPOST_ANSWER_TIMEOUT_MS,
    totalTimeoutMs: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    policy: {
      allowed: settings.allowedAddresses,
      get ownListeners() {
        return listeners()
      },
    },
    proxy: settings.egressProxy,
  })
}
