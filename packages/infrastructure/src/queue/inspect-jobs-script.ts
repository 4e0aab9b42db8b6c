import { eventsStoredMax } from './queue-backend.ts'

/** The most entries of the list of waiting jobs that one call reads: about 0.3 s of Redis. */
const scannedMax = 1_000_000
const scanStep = 5_000
/** In a longer list the id of a job without its hash stays: a worker drops it. */
const removableLengthMax = 100_000
/** How much later than its own wait a job may be, in milliseconds; a larger difference comes from a wrong clock. */
const clockToleranceMs = 2_000

/**
 * Finds out where jobs really are, because a job's hash may exist although no list or set has its id: lost by eviction,
 * by a failover or by hand. Redis runs a script atomically, so no job is on its way meanwhile.
 *
 * KEYS: wait, active, prioritized, delayed, marker, meta, completed, failed.
 * ARGV: the prefix of the queue's keys; what to do (`look`, `repair`, `promote`); the jobs' ids.
 * Returns for each job `running`, `waiting`, `delayed`, `lost`, or `parked` with its `parkedField`.
 *
 * - `repair` and `promote` remove what is left of a lost job, so that it can be added again under the same id.
 * - `repair` treats a delayed job as lost unless a worker parked it; `promote` treats every delayed job so.
 * - A job with a lock runs, whatever list it is in. A job in `active` without a lock had a worker that died.
 * - The oldest jobs are at the end of `wait`, where the search begins. Overdue jobs are old.
 * - Workers sleep until there is a marker, and `meta` limits the number of BullMQ's events. Both may be lost, too.
 */
export const inspectJobsScript = `
local wait, active, prioritized, delayed = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local prefix, action = ARGV[1], ARGV[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function parking(field)
  if not field then return nil end
  local till, wait_ms = string.match(field, '^(%d+) (%d+) ')
  till, wait_ms = tonumber(till), tonumber(wait_ms)
  if till and till > now and till - now <= wait_ms + ${clockToleranceMs} then return 'parked ' .. field end
end
local function of_delayed(field)
  if action == 'look' then return parking(field) or 'delayed' end
  if action == 'repair' then return parking(field) end
end
local states, unseen, missing, incomplete = {}, {}, 0, {}
for i = 3, #ARGV do
  local id = ARGV[i]
  local job = prefix .. id
  local fields = redis.call('HMGET', job, 'data', 'parked')
  if redis.call('EXISTS', job .. ':lock') == 1 then
    states[id] = 'running'
  elseif not fields[1] then
    incomplete[id] = true
  elseif redis.call('ZSCORE', prioritized, id) then
    states[id] = 'waiting'
  elseif redis.call('ZSCORE', delayed, id) then
    states[id] = of_delayed(fields[2])
  elseif not unseen[id] then
    unseen[id] = true
    missing = missing + 1
  end
end
local length, depth = redis.call('LLEN', wait), 0
while missing > 0 and depth < math.min(length, ${scannedMax}) do
  for _, id in ipairs(redis.call('LRANGE', wait, -(depth + ${scanStep}), -(depth + 1))) do
    if unseen[id] then
      unseen[id] = nil
      states[id] = 'waiting'
      missing = missing - 1
    end
  end
  depth = depth + ${scanStep}
end
if length > ${scannedMax} then
  for id in pairs(unseen) do states[id] = 'waiting' end
end
local results = {}
for i = 3, #ARGV do
  local id = ARGV[i]
  results[#results + 1] = states[id] or 'lost'
  if not states[id] and action ~= 'look' then
    redis.call('DEL', prefix .. id)
    redis.call('ZREM', delayed, id)
    redis.call('ZREM', prioritized, id)
    redis.call('LREM', active, 1, id)
    if incomplete[id] and length <= ${removableLengthMax} then redis.call('LREM', wait, 0, id) end
    redis.call('ZREM', KEYS[7], id)
    redis.call('ZREM', KEYS[8], id)
  end
end
if action ~= 'look' then
  redis.call('HSET', KEYS[6], 'opts.maxLenEvents', ${eventsStoredMax})
  if redis.call('EXISTS', wait, prioritized) > 0 then redis.call('ZADD', KEYS[5], 0, '0') end
end
return results
`
