import {
  breakerOpenMaxMs,
  breakerOpenMinMs,
  initialWindow,
  probeSpacing,
  probeSpacingMaxMs,
  probeSpacingMinMs,
  rateToleranceMs,
  slowResponseMs,
  slowWindowMin,
  spacingMaxMs,
  spacingMinMs,
  throttleMaxMs,
  throttleMinMs,
  waitMaxMs,
} from '@ghostpost/delivery/receivers'

/** A budget's state expires when nothing has been sent to its receiver for this long. */
const stateTtlMs = 86_400_000

const clock = `
local now = tonumber(ARGV[1])
if now == 0 then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
`

/**
 * The rules of a receiver's budget in Lua: Redis runs a script atomically, so many workers can share a budget. A script
 * handles any number of requests to one receiver one after another.
 *
 * KEYS: the state (hash); its slots (sorted set by expiry); the shard's breakers that are not closed (sorted set by the
 * time until which each is open). Times are in milliseconds of Redis's clock, or of the first argument in tests.
 * `%.17g`: Lua's own number format loses digits.
 */
const preamble = `${clock}
local state, slots = KEYS[1], KEYS[2]
local interval, limit, breaker_failures = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local names = {'window', 'failures', 'opens', 'open', 'throttles', 'blocked', 'next', 'tail', 'mean', 'kept'}
local s, read = {}, redis.call('HMGET', state, unpack(names))
for i, name in ipairs(names) do s[name] = tonumber(read[i] or '0') end
if not read[1] then s.window = math.min(limit, ${initialWindow}) end
local function save()
  local values = {}
  for _, name in ipairs(names) do
    values[#values + 1] = name
    values[#values + 1] = string.format('%.17g', s[name])
  end
  redis.call('HSET', state, unpack(values))
end
local changed = false
-- Not with each request: an expiry costs a command.
if now - s.kept > ${stateTtlMs / 24} or now < s.kept then
  s.kept = now
  changed = true
end
local function keep()
  if not changed then return end
  save()
  if s.kept == now then redis.call('PEXPIRE', state, ${stateTtlMs}) end
end
local function room()
  if s.open > 0 then return 1 end
  return math.min(s.window, limit)
end
local function breaker()
  if s.open == 0 then return 'closed' end
  if s.open > now then return 'open' end
  return 'half_open'
end
`

/** What a report teaches the budget. */
const learning = `
local function close() s.failures, s.opens, s.open = 0, 0, 0 end
local function halve() s.window = math.max(1, math.floor(s.window / 2)) end
local function learn(kind, value)
  if kind == 'failed' then
    if s.failures > 0 or s.open > 0 then halve() end
    if s.open <= now then
      s.failures = s.failures + 1
      if breaker_failures > 0 and (s.open > 0 or s.failures >= breaker_failures) then
        s.open = now + math.min(${breakerOpenMinMs} * 2 ^ math.min(s.opens, 10), ${breakerOpenMaxMs})
        s.opens = s.opens + 1
        s.failures = 0
      end
    end
  elseif kind == 'throttled' then
    close()
    local asked = value
    if asked < 0 then asked = ${throttleMinMs} * 2 ^ math.min(s.throttles, 6) end
    s.throttles = s.throttles + 1
    halve()
    s.blocked = math.max(s.blocked, now + math.min(asked, ${throttleMaxMs}))
  elseif kind == 'answered' then
    close()
    s.throttles = 0
    s.mean = s.mean + (value - s.mean) * 0.2
    if value > ${slowResponseMs} then
      s.window = math.max(math.floor(s.window * 0.75), math.min(${slowWindowMin}, s.window))
    else
      s.window = math.min(s.window + 1, limit)
    end
  end
end
local freed, moved, results = {}, false, {}
local function report(slot, kind, value, delay)
  local before = breaker()
  if delay > 0 then s.next = math.max(s.next, now) + delay end
  freed[#freed + 1] = slot
  learn(kind, value)
  results[#results + 1] = before
  results[#results + 1] = breaker()
  changed = changed or kind ~= 'unused'
  moved = moved or before ~= breaker()
end
`

/** Whether a request may be sent now. */
const admitting = `
local reserved
local function spacing()
  local served = s.mean == 0 and ${spacingMaxMs} or s.mean / room() / 2
  return math.max(math.min(math.max(served, ${spacingMinMs}), ${spacingMaxMs}), interval)
end
-- Nothing is reserved: one of many processes asks again, and those with requests in flight when one has ended.
local function probe_wait(random)
  local ms = math.min(math.max(${probeSpacing} * s.mean / room(), ${probeSpacingMinMs}), ${probeSpacingMaxMs})
  return math.ceil(ms * (0.5 + random))
end
local function every(because)
  if because == 'concurrency_full' then return s.mean / room() end
  return interval
end
local function wait(from, because, random)
  if because == 'concurrency_full' then return because, probe_wait(random) end
  if reserved then return because, reserved end
  local at = math.max(s.tail + spacing(), from, now + 1)
  if at - now > math.max(${waitMaxMs}, from - now) then
    return because, math.ceil(1 + random * ${waitMaxMs})
  end
  s.tail = at
  changed = true
  reserved = math.ceil(at - now)
  return because, reserved
end
local asking, takes, taken, isCleared = {}, {}, 0, false
-- Slots that expired, and those of the requests that ask again after their worker lost them.
local function clear()
  isCleared = true
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
  redis.call('ZREM', slots, unpack(asking))
  return redis.call('ZCARD', slots)
end
local function admit(slot, hold, random, probe)
  if s.open > now and not probe then return wait(s.open, 'breaker_open', random) end
  if s.blocked > now then return wait(s.blocked, 'throttled', random) end
  local most = probe and limit or room()
  if taken >= most and not isCleared then taken = clear() + #takes / 2 end
  if taken >= most then return wait(now, s.open > 0 and 'breaker_open' or 'concurrency_full', random) end
  if s.next > now then return wait(s.next, 'rate_limited', random) end
  s.next = math.max(s.next, now - ${rateToleranceMs}) + interval
  taken = taken + 1
  takes[#takes + 1] = now + hold
  takes[#takes + 1] = slot
  return 'admitted', 0
end
`

/**
 * Reports requests that ended and asks for others, in this order, so that a request may have the slot of one that
 * ended.
 *
 * ARGV: now, interval, concurrency, breaker failures, slot timeout, number of reports; then slot, kind, value and delay
 * of each report, and slot, random number and 1 for a probe of each request that asks. The value is the duration of a
 * response, or the Retry-After of a throttle (-1: none). The delay is that of the next request. A probe does not wait
 * for the breaker. Returns the breaker before and after each report; then, for each request that asks, `admitted` or
 * the wait reason, the wait, and the time between two requests.
 *
 * - The first failure in a row does not halve the window: a receiver that refuses every fifth request copes with the
 *   rest.
 * - Failures of requests that were in flight when the breaker opened do not prolong it.
 * - A throttle closes the breaker: the receiver responds.
 * - The requests of one call come from one process, which asks again for one of them: they get the same time.
 */
export const exchangeScript = `${preamble}${learning}${admitting}
local hold, reports = tonumber(ARGV[5]), tonumber(ARGV[6])
local first = 7 + 4 * reports
for i = 7, first - 1, 4 do report(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])) end
if #freed > 0 then redis.call('ZREM', slots, unpack(freed)) end
for i = first, #ARGV, 3 do asking[#asking + 1] = ARGV[i] end
if #asking > 0 then
  changed = changed or interval > 0
  taken = redis.call('ZCOUNT', slots, '(' .. string.format('%.17g', now), '+inf')
end
for i = first, #ARGV, 3 do
  local cause, ms = admit(ARGV[i], hold, tonumber(ARGV[i + 1]), ARGV[i + 2] == '1')
  results[#results + 1] = cause
  results[#results + 1] = ms
  results[#results + 1] = string.format('%.17g', every(cause))
end
if #takes > 0 then
  redis.call('ZADD', slots, unpack(takes))
  if taken == #takes / 2 or s.kept == now then redis.call('PEXPIRE', slots, ${stateTtlMs}) end
end
keep()
if moved and s.open == 0 then redis.call('ZREM', KEYS[3], state) end
if moved and s.open > 0 then
  redis.call('ZADD', KEYS[3], string.format('%.17g', s.open), state)
  redis.call('PEXPIRE', KEYS[3], ${stateTtlMs})
end
return results
`

/** Returns the breaker before. The learnt window and a pause that the receiver asked for stay. */
export const closeScript = `${preamble}
local before = breaker()
if s.open > 0 or s.failures > 0 then
  s.failures, s.opens, s.open, s.tail = 0, 0, 0, 0
  save()
  redis.call('ZREM', KEYS[3], state)
end
return {before}
`

/** Returns the number of occupied slots, the time and the stored state. */
export const readScript = `${preamble}
redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
local result = {tostring(redis.call('ZCARD', slots)), string.format('%.17g', now)}
for _, name in ipairs(names) do result[#result + 1] = string.format('%.17g', s[name]) end
return result
`

/** KEYS: breakers. ARGV: now. Returns how many are open and half open, without expired states. */
export const countScript = `${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${stateTtlMs})
local open = redis.call('ZCOUNT', KEYS[1], string.format('(%.17g', now), '+inf')
return {tostring(open), tostring(redis.call('ZCARD', KEYS[1]) - open)}
`
