import { eventsStoredMax } from './queue-backend.ts'

/** The most entries of the list of waiting jobs that one call reads: about 0.3 s of Redis. */
const scannedMax = 1_000_000
const scanStep = 5_000
/** The same for a call that only looks, which people cause. In a longer list the job counts as waiting. */
const lookedAtMax = 50_000
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
local states, incomplete, removable, sought, missing = {}, {}, {}, {}, 0
local function seek(id)
  if sought[id] then return end
  sought[id] = true
  missing = missing + 1
end
for i = 3, #ARGV do
  local id = ARGV[i]
  local fields = redis.call('HMGET', prefix .. id, 'data', 'parked')
  if redis.call('EXISTS', prefix .. id .. ':lock') == 1 then
    states[id] = 'running'
  elseif not fields[1] then
    incomplete[id] = true
    if action == 'repair' then seek(id) end
  elseif redis.call('ZSCORE', prioritized, id) then
    states[id] = 'waiting'
  elseif redis.call('ZSCORE', delayed, id) then
    states[id] = of_delayed(fields[2])
  else
    seek(id)
  end
end
local length, depth = redis.call('LLEN', wait), 0
local depth_max = action == 'look' and ${lookedAtMax} or ${scannedMax}
while missing > 0 and depth < math.min(length, depth_max) do
  for _, id in ipairs(redis.call('LRANGE', wait, -(depth + ${scanStep}), -(depth + 1))) do
    if sought[id] then
      sought[id] = nil
      missing = missing - 1
      if not incomplete[id] then
        states[id] = 'waiting'
      elseif length <= ${removableLengthMax} then
        removable[#removable + 1] = id
      end
    end
  end
  depth = depth + ${scanStep}
end
if length > depth_max then
  for id in pairs(sought) do
    if not incomplete[id] then states[id] = 'waiting' end
  end
end
for _, id in ipairs(removable) do redis.call('LREM', wait, 0, id) end
local results, lost, hashes = {}, {}, {}
for i = 3, #ARGV do
  local id = ARGV[i]
  results[#results + 1] = states[id] or 'lost'
  if not states[id] then
    lost[#lost + 1] = id
    hashes[#hashes + 1] = prefix .. id
  end
end
if #lost > 0 and action ~= 'look' then
  for _, set in ipairs({delayed, prioritized, KEYS[7], KEYS[8]}) do redis.call('ZREM', set, unpack(lost)) end
  if redis.call('DEL', unpack(hashes)) > 0 or action == 'repair' then
    for _, id in ipairs(lost) do redis.call('LREM', active, 1, id) end
  end
end
if action ~= 'look' then
  redis.call('HSET', KEYS[6], 'opts.maxLenEvents', ${eventsStoredMax})
  if redis.call('EXISTS', wait, prioritized) > 0 then redis.call('ZADD', KEYS[5], 0, '0') end
end
return results
`
