import { holdWorkerLock } from '@ghostpost/infrastructure/database/upkeep'

/** Holds the lock of worker WORKER_ID, and reports it to the parent process. A test freezes and kills it. */
const { DATABASE_URL: url = '', WORKER_ID: id = '' } = process.env
holdWorkerLock({
  url,
  worker: { id, host: 'host', version: '1', concurrency: 1 },
  onChange: (isHeld) => process.send?.({ isHeld }),
  onError: () => {},
  onPooled: () => {},
})
process.once('disconnect', () => process.exit())
