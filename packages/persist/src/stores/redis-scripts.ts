// What redisStore runs inside Redis, one script an operation, so that each is atomic. A record is a hash: `e` epoch, `o` owner,
// `t` last touch, `k` kept, `s` size, `m` meta, `v:<name>` a value. A sorted set holds ids by their time of expiry (kept ones
// at +inf). Times are milliseconds; without one of the caller Redis' own clock counts, so processes agree on it.
// Numbers up to 2^53 are exact in Lua, and are written without exponent.

/** ARGV: now ("" for Redis' clock), lifetime. Gives `now`, `life` and the helpers that all scripts use. */
const HEAD = `
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local life = tonumber(ARGV[2])
local function text(n) return string.format('%.0f', n) end
local function alive(key)
  local r = redis.call('HMGET', key, 'e', 't', 'k')
  if not r[1] then return nil end
  if r[3] ~= '1' and now - tonumber(r[2]) >= life then return nil end
  return r[1], r[3] == '1'
end
local function touch(key, set, id, keep)
  redis.call('HSET', key, 't', text(now))
  redis.call('ZADD', set, keep and '+inf' or text(now + life), id)
end
local function record(key)
  return redis.call('HGETALL', key)
end
`;

/** KEYS: hash, set. ARGV: …, id, epoch, owner, meta, keep, size, then name and value in turn. */
const CREATE = `${HEAD}
if alive(KEYS[1]) then return {'exists'} end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'e', ARGV[4], 'o', ARGV[5], 'm', ARGV[6], 'k', ARGV[7], 's', ARGV[8])
for i = 9, #ARGV, 2 do redis.call('HSET', KEYS[1], 'v:' .. ARGV[i], ARGV[i + 1]) end
touch(KEYS[1], KEYS[2], ARGV[3], ARGV[7] == '1')
return {'ok'}
`;

/** ARGV: …, id, epoch, raise, session budget, has meta, meta, then name, has value, value in turn. */
const CHANGE = `${HEAD}
local epoch, keep = alive(KEYS[1])
if not epoch then return {'missing'} end
if epoch ~= ARGV[4] then return {'fenced'} end
local before = tonumber(redis.call('HGET', KEYS[1], 's'))
local size = before
for i = 9, #ARGV, 3 do
  local field = 'v:' .. ARGV[i]
  if redis.call('HEXISTS', KEYS[1], field) == 1 then size = size - #ARGV[i] - redis.call('HSTRLEN', KEYS[1], field) end
  if ARGV[i + 1] == '1' then size = size + #ARGV[i] + #ARGV[i + 2] end
end
if size > before and size > tonumber(ARGV[6]) then return {'size', text(size)} end
for i = 9, #ARGV, 3 do
  local field = 'v:' .. ARGV[i]
  if ARGV[i + 1] == '1' then redis.call('HSET', KEYS[1], field, ARGV[i + 2]) else redis.call('HDEL', KEYS[1], field) end
end
redis.call('HSET', KEYS[1], 's', text(size))
if ARGV[7] == '1' then redis.call('HSET', KEYS[1], 'm', ARGV[8]) end
if ARGV[5] == '1' then
  epoch = text(tonumber(epoch) + 1)
  redis.call('HSET', KEYS[1], 'e', epoch)
end
touch(KEYS[1], KEYS[2], ARGV[3], keep)
return {'ok', text(size), epoch}
`;

/** ARGV: …, id, owner, the epoch it must have ("" for any). */
const CLAIM = `${HEAD}
local epoch, keep = alive(KEYS[1])
if not epoch then return {'missing'} end
if ARGV[5] ~= '' and epoch ~= ARGV[5] then return {'fenced'} end
redis.call('HSET', KEYS[1], 'e', text(tonumber(epoch) + 1), 'o', ARGV[4])
touch(KEYS[1], KEYS[2], ARGV[3], keep)
return {'ok', record(KEYS[1])}
`;

const LOAD = `${HEAD}
if not alive(KEYS[1]) then return {'missing'} end
return {'ok', record(KEYS[1])}
`;

/** ARGV: …, id, epoch, what: touch, release, delete. */
const OWNER = `${HEAD}
local epoch, keep = alive(KEYS[1])
if not epoch then return {'missing'} end
if epoch ~= ARGV[4] then return {'fenced'} end
if ARGV[5] == 'touch' then touch(KEYS[1], KEYS[2], ARGV[3], keep)
elseif ARGV[5] == 'release' then redis.call('HSET', KEYS[1], 'o', '')
else
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[3])
end
return {'ok'}
`;

/** KEYS: set. ARGV: …, prefix of hashes, limit. */
const SWEEP = `${HEAD}
local limit = tonumber(ARGV[4])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now), 'LIMIT', 0, limit + 1)
local removed = 0
for i, id in ipairs(due) do
  if removed >= limit then return {text(removed), '1'} end
  redis.call('DEL', ARGV[3] .. id)
  redis.call('ZREM', KEYS[1], id)
  removed = removed + 1
end
return {text(removed), '0'}
`;

/** Name → script and number of keys. */
export const SCRIPTS = {
  create: { keys: 2, lua: CREATE },
  change: { keys: 2, lua: CHANGE },
  claim: { keys: 2, lua: CLAIM },
  load: { keys: 1, lua: LOAD },
  owner: { keys: 2, lua: OWNER },
  sweep: { keys: 1, lua: SWEEP },
} as const;

export type ScriptName = keyof typeof SCRIPTS;
