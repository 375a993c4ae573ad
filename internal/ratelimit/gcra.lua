-- One decision about one key, as gcra.go describes it, in whole microseconds.
-- KEYS[1] holds the moment at which its load is 0. ARGV: what to do, the interval, the
-- full load, the moment now (empty: Redis' own clock, the same for all instances), and
-- how many milliseconds to keep the key beyond its use.
local what, interval, full = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local before = math.min(math.max((tonumber(redis.call('GET', KEYS[1])) or 0) - now, 0), full)
local load, allowed = before, before + interval <= full
if what == 'allow' and allowed then
  load = before + interval
elseif what == 'charge' then
  load = math.min(before + interval, full)
  allowed = load + interval <= full
elseif what == 'refund' then
  load = math.max(before - interval, 0)
end
if load ~= before then
  if load == 0 then
    redis.call('DEL', KEYS[1])
  else
    -- Not tostring, which would round so large a number.
    redis.call('SET', KEYS[1], string.format('%.0f', now + load), 'PX', math.ceil(load / 1000) + tonumber(ARGV[5]))
  end
end
return {allowed and 1 or 0, load}
