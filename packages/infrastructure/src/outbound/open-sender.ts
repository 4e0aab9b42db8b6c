import type { Settings } from '../config/load-settings.ts'
import { createSender, type Sender } from './create-sender.ts'

/** The sender as the settings want it, for both processes. */
export function openSender(settings: Settings): Sender {
  return createSender({
    connectTimeoutMs: settings.GHOSTPOST_CONNECT_TIMEOUT_MS,
    answerTimeoutMs: settings.GHOSTPOST_ANSWER_TIMEOUT_MS,
    totalTimeoutMs: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    policy: { allowed: settings.allowedAddresses },
    proxy: settings.egressProxy,
  })
}
