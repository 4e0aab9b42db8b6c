import type { Settings } from '../config/load-settings.ts'
import { createSender, type Sender } from './create-sender.ts'
import { rememberedListeners } from './own-listeners.ts'

/** The sender as the settings want it, for both processes. */
export function openSender(settings: Settings): Sender {
  const own = rememberedListeners(settings)
  return createSender({
    connectTimeoutMs: settings.GHOSTPOST_CONNECT_TIMEOUT_MS,
    answerTimeoutMs: settings.GHOSTPOST_ANSWER_TIMEOUT_MS,
    totalTimeoutMs: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    policy: {
      allowed: settings.allowedAddresses,
      get own() {
        return own()
      },
    },
    proxy: settings.egressProxy,
  })
}
