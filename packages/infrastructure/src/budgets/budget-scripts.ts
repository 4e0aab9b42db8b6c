import {
  breakerOpenMaxMs,
  breakerOpenMinMs,
  firstWindow,
  rateToleranceMs,
  slowAnswerMs,
  slowWindowMin,
  spacingMaxMs,
  spacingMinMs,
  throttleMaxMs,
  throttleMinMs,
  waitMaxMs,
} from '@ghostpost/delivery'

/**
 * packages/delivery/src/receiver-budget.ts in Lua: Redis runs a script as one step, so many workers can share a
 * budget. KEYS: state (hash), places (sorted set by when each is lost). Times in milliseconds of Redis's own clock,
 * unless the first argument names one, as tests do. Numbers are written out in full: Lua's own way loses digits.
 */
const preamble = `
local state, places = KEYS[1], KEYS[2]
local now = tonumber(ARGV[1])
if now == 0 then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local place, interval, limit, breaker_failures = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local names = {'window', 'failures', 'opens', 'open', 'throttles', 'blocked', 'next', 'tail', 'mean'}
local s, read = {}, redis.call('HMGET', state, unpack(names))
for i, name in ipairs(names) do s[name] = tonumber(read[i] or '0') end
if not read[1] then s.window = math.min(limit, ${firstWindow}) end
redis.call('ZREMRANGEBYSCORE', places, '-inf', now)
local function save()
  local values = {}
  for _, name in ipairs(names) do
    values[#values + 1] = name
    values[#values + 1] = string.format('%.17g', s[name])
  end
  redis.call('HSET', state, unpack(values))
  redis.call('PEXPIRE', state, 86400000)
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

/** ARGV: now, place, interval, concurrency, breaker failures, random, how long a place is held. Answers cause and wait. */
export const admitScript = `${preamble}
local random, hold = tonumber(ARGV[6]), tonumber(ARGV[7])
local function wait(from, because)
  local served = s.mean / room() / 2
  local spacing = math.max(math.min(math.max(served, ${spacingMinMs}), ${spacingMaxMs}), interval)
  local at = math.max(s.tail + spacing, from, now + 1)
  if at - now > math.max(${waitMaxMs}, from - now) then
    return {because, math.ceil(1 + random * ${waitMaxMs})}
  end
  s.tail = at
  save()
  return {because, math.ceil(at - now)}
end
redis.call('ZREM', places, place)
if s.open > now then return wait(s.open, 'breaker_open') end
if s.blocked > now then return wait(s.blocked, 'throttled') end
if redis.call('ZCARD', places) >= room() then
  return wait(now, s.open > 0 and 'breaker_open' or 'concurrency_full')
end
if s.next > now then return wait(s.next, 'rate_limited') end
s.next = math.max(s.next, now - ${rateToleranceMs}) + interval
redis.call('ZADD', places, now + hold, place)
redis.call('PEXPIRE', places, hold)
if interval > 0 then save() end
return {'admitted', 0}
`

/** ARGV: now, place, interval, concurrency, breaker failures, kind, duration or wait asked for (-1: not said). */
export const reportScript = `${preamble}
local kind, value = ARGV[6], tonumber(ARGV[7])
local before = breaker()
redis.call('ZREM', places, place)
local function close() s.failures, s.opens, s.open = 0, 0, 0 end
local function halve() s.window = math.max(1, math.floor(s.window / 2)) end
if kind == 'failed' then
  halve()
  if s.open <= now and breaker_failures > 0 then
    s.failures = s.failures + 1
    if s.open > 0 or s.failures >= breaker_failures then
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
  if value > ${slowAnswerMs} then
    s.window = math.max(math.floor(s.window * 0.75), math.min(${slowWindowMin}, s.window))
  else
    s.window = math.min(s.window + 1, limit)
  end
end
if kind ~= 'unused' then save() end
return {before, breaker()}
`

/** Answers the places taken, the time, and the state as it is stored. */
export const readScript = `${preamble}
local answer = {tostring(redis.call('ZCARD', places)), string.format('%.17g', now)}
for _, name in ipairs(names) do answer[#answer + 1] = string.format('%.17g', s[name]) end
return answer
`
