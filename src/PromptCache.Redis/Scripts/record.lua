-- ARGV: 6 who served it: 4 bytes, or ''   7 the lifetimes of the anchors in ms, 6 bytes each
-- Returns the time in Unix ms that the lifetimes count from.
local COMPACT, MOST = 2048, 65536
local dest = ARGV[6]
local first_served = dest == '' and string.rep('\0', 16) or dest .. string.rep('\0', 12)

local function served(by)
  if sub(by, 1, 4) == dest then return by end
  local out = dest
  for i = 1, 13, 4 do
    local d = sub(by, i, i + 3)
    if d ~= dest and #out < 16 then out = out .. d end
  end
  return out
end

-- Adds a run to a page. A page that has grown past its mark loses its expired runs first; one that is full stays as it is.
local function append(key, v, run)
  if #v + #run <= unpack_('>I4', v) then
    call('APPEND', key, run)
    return
  end
  v = call('GET', key)
  local live, at = {}, 5
  while at <= #v do
    local pos, count, e = unpack_('>BBI6', v, at)
    local size = 24 + (count - (pos == 0 and 1 or 0)) * 12
    if e > now then live[#live + 1] = sub(v, at, at + size - 1) end
    at = at + size
  end
  local kept = table.concat(live)
  if 4 + #kept + #run <= MOST then kept = kept .. run end
  call('SET', key, pack('>I4', math.max(COMPACT, 2 * #kept)) .. kept, 'KEEPTTL')
end

local values = call('MGET', unpack(KEYS))
local off = 0
for p = 1, pages do
  local v, c = values[p], byte(counts, p)
  if not v then
    call('SET', KEYS[p], pack('>I4BB', COMPACT, 0, c + 1) .. expiry6 .. first_served .. sub(ids, off * 12 + 1, (off + c) * 12), 'PX', px)
  else
    local path, pos = walk(v, off, c)
    v = touch(KEYS[p], v, path, dest ~= '' and served) or v
    if pos <= c then
      append(KEYS[p], v, pack('BB', pos, c + 1 - pos) .. expiry6 .. first_served .. sub(ids, (off + pos - 1) * 12 + 1, (off + c) * 12))
    end
  end
  off = off + c
end

for a = pages + 1, #KEYS do
  local life = unpack_('>I6', ARGV[7], (a - pages - 1) * 6 + 1)
  local e, v = now + life, values[a]
  if v then
    local e0, life0 = unpack_('>I6I6', v)
    if e0 > now then e, life = math.max(e, e0), math.max(life, life0) end
  end
  call('SET', KEYS[a], pack('>I6I6', e, life), 'PX', e - now + tonumber(ARGV[3]))
end
return { now }
