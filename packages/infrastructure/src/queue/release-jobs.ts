import type { Redis } from 'ioredis'

/** BullMQ's keys of one queue, and its own script that makes jobs wait again whose locks are gone. */
export interface StalledJobs {
  /** Prefix of the queue's keys. */
  keys: string
  moveStalledJobs: () => Promise<readonly string[]>
}

/**
 * Removes the locks of a worker's jobs and marks them as stalled, as if the locks had expired at the last check. KEYS:
 * BullMQ's list of active jobs, its set of possibly stalled ones, and the key that keeps checks apart. ARGV: prefix of
 * the job keys, beginning of the lock tokens.
 */
const unlockScript = `
local unlocked = 0
for _, job in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local lock = ARGV[1] .. job .. ':lock'
  local token = redis.call('GET', lock)
  if token and string.sub(token, 1, #ARGV[2]) == ARGV[2] then
    redis.call('DEL', lock)
    redis.call('SADD', KEYS[2], job)
    unlocked = unlocked + 1
  end
end
if unlocked > 0 then redis.call('DEL', KEYS[3]) end
return unlocked
`

/** Makes the jobs of a worker that has ended wait again, without waiting for their locks to expire. */
export async function releaseJobs(
  redis: Redis | undefined,
  { keys, moveStalledJobs }: StalledJobs,
  workerId: string,
): Promise<number> {
  const names = ['active', 'stalled', 'stalled-check'].map((name) => `${keys}${name}`)
  const unlocked = await redis?.eval(unlockScript, names.length, ...names, keys, `${workerId}:`)
  return Number(unlocked) > 0 ? (await moveStalledJobs()).length : 0
}
