import {
  breakerOpenMaxMs,
  breakerOpenMinMs,
  initialWindow,
  rateToleranceMs,
  slowResponseMs,
  slowWindowMin,
  spacingMaxMs,
  spacingMinMs,
  throttleMaxMs,
  throttleMinMs,
  waitMaxMs,
} from '@ghostpost/delivery/receivers'

/** What is known of a receiver is forgotten when nothing has been sent there for so long. */
const stateTtlMs = 86_400_000

const clock = `
local now = tonumber(ARGV[1])
if now == 0 then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
`

/**
 * packages/delivery/src/receivers/receiver-budget.ts in Lua: Redis runs a script as one step, so many workers can share a
 * budget. A script takes any number of requests to one receiver, each as if it came alone. KEYS: state (hash), places
 * (sorted set by when each is lost), breakers (sorted set of all states whose breaker is not closed, by until when it is
 * open). Times in milliseconds of Redis's own clock, unless the first argument names one, as tests do. Numbers are
 * written out in full: Lua's own way loses digits.
 */
const preamble = `${clock}
local state, places = KEYS[1], KEYS[2]
local interval, limit, breaker_failures = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local names = {'window', 'failures', 'opens', 'open', 'throttles', 'blocked', 'next', 'tail', 'mean'}
local s, read = {}, redis.call('HMGET', state, unpack(names))
for i, name in ipairs(names) do s[name] = tonumber(read[i] or '0') end
if not read[1] then s.window = math.min(limit, ${initialWindow}) end
redis.call('ZREMRANGEBYSCORE', places, '-inf', now)
local function save()
  local values = {}
  for _, name in ipairs(names) do
    values[#values + 1] = name
    values[#values + 1] = string.format('%.17g', s[name])
  end
  redis.call('HSET', state, unpack(values))
  redis.call('PEXPIRE', state, ${stateTtlMs})
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

/** ARGV: now, interval, concurrency, breaker failures, how long a place is held; then place and random of each. Answers cause and wait of each. */
export const admitScript = `${preamble}
local hold = tonumber(ARGV[5])
local changed = interval > 0
local function wait(from, because, random)
  local served = s.mean == 0 and ${spacingMaxMs} or s.mean / room() / 2
  local spacing = math.max(math.min(math.max(served, ${spacingMinMs}), ${spacingMaxMs}), interval)
  local at = math.max(s.tail + spacing, from, now + 1)
  if at - now > math.max(${waitMaxMs}, from - now) then
    return because, math.ceil(1 + random * ${waitMaxMs})
  end
  s.tail = at
  changed = true
  return because, math.ceil(at - now)
end
local asking = {}
for i = 6, #ARGV, 2 do asking[#asking + 1] = ARGV[i] end
redis.call('ZREM', places, unpack(asking))
local taken = redis.call('ZCARD', places)
local takes, answers = {}, {}
local function admit(place, random)
  if s.open > now then return wait(s.open, 'breaker_open', random) end
  if s.blocked > now then return wait(s.blocked, 'throttled', random) end
  if taken >= room() then return wait(now, s.open > 0 and 'breaker_open' or 'concurrency_full', random) end
  if s.next > now then return wait(s.next, 'rate_limited', random) end
  s.next = math.max(s.next, now - ${rateToleranceMs}) + interval
  taken = taken + 1
  takes[#takes + 1] = now + hold
  takes[#takes + 1] = place
  return 'admitted', 0
end
for i = 6, #ARGV, 2 do
  local cause, ms = admit(ARGV[i], tonumber(ARGV[i + 1]))
  answers[#answers + 1] = cause
  answers[#answers + 1] = ms
end
if #takes > 0 then
  redis.call('ZADD', places, unpack(takes))
  redis.call('PEXPIRE', places, hold)
end
if changed then save() end
return answers
`

/** ARGV: now, interval, concurrency, breaker failures; then place, kind, duration or wait asked for (-1: not said) of each. Answers the breaker before and after each. */
export const reportScript = `${preamble}
local changed, places_left, answers = false, {}, {}
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
local moved = false
for i = 5, #ARGV, 3 do
  local kind, before = ARGV[i + 1], breaker()
  places_left[#places_left + 1] = ARGV[i]
  learn(kind, tonumber(ARGV[i + 2]))
  answers[#answers + 1] = before
  answers[#answers + 1] = breaker()
  changed = changed or kind ~= 'unused'
  moved = moved or before ~= breaker()
end
redis.call('ZREM', places, unpack(places_left))
if changed then save() end
if moved and s.open == 0 then redis.call('ZREM', KEYS[3], state) end
if moved and s.open > 0 then
  redis.call('ZADD', KEYS[3], string.format('%.17g', s.open), state)
  redis.call('PEXPIRE', KEYS[3], ${stateTtlMs})
end
return answers
`

/** Answers the places taken, the time, and the state as it is stored. */
export const readScript = `${preamble}
local answer = {tostring(redis.call('ZCARD', places)), string.format('%.17g', now)}
for _, name in ipairs(names) do answer[#answer + 1] = string.format('%.17g', s[name]) end
return answer
`

/** KEYS: breakers. ARGV: now. Answers how many are open and half open; a state that is forgotten by now is not counted. */
export const countScript = `${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${stateTtlMs})
local open = redis.call('ZCOUNT', KEYS[1], string.format('(%.17g', now), '+inf')
return {tostring(open), tostring(redis.call('ZCARD', KEYS[1]) - open)}
`
