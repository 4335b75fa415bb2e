-- ARGV: 8 who served it: 4 bytes, or ''   9 the lifetimes of the anchors in ms, 6 bytes each
-- Returns the time in Unix ms that the lifetimes count from.
local COMPACT, MOST = 4096, 262144
local dest = ARGV[8]
local first_served = dest == '' and string.rep('\0', 16) or dest .. string.rep('\0', 12)

local function push(by)
  if sub(by, 1, 4) == dest then return by end
  local out = dest
  for i = 1, 13, 4 do
    local d = sub(by, i, i + 3)
    if d ~= dest and #out < 16 then out = out .. d end
  end
  return out
end
local served = dest ~= '' and push

-- Lengthens the run that ends the page, if it ends the path too and lives and was served like the new blocks: a conversation stays one run.
local function lengthen(key, v, run, p, blocks, new)
  if run[3] < run[4] or run[5] > expiry then return false end
  local at, pos, count = run[1], run[2], run[4]
  local stored = count - (pos == 0 and 1 or 0)
  if at + 31 + stored * 12 ~= #v or sub(v, at + 8, at + 23) ~= first_served then return false end
  call('SETRANGE', key, at, string.char(count + blocks))
  call('SETRANGE', key, at + 23, check(p))
  call('APPEND', key, new)
  return true
end

-- Adds a run to a page. A page that has grown past its mark loses its expired runs first; one that is full stays as it is.
local function append(key, v, run)
  if #v + #run <= unpack_('>I4', v) then
    call('APPEND', key, run)
    return
  end
  v = call('GET', key)
  local live, at = {}, 11
  while at <= #v do
    local pos, count, e = unpack_('>BBI6', v, at)
    local size = 32 + (count - (pos == 0 and 1 or 0)) * 12
    if e > now then live[#live + 1] = sub(v, at, at + size - 1) end
    at = at + size
  end
  local kept = table.concat(live)
  if 10 + #kept + #run <= MOST then kept = kept .. run end
  call('SET', key, pack('>I4', math.min(MOST, math.max(COMPACT, 2 * #kept))) .. sub(v, 5, 10) .. kept, 'KEEPTTL')
end

local function work()
  local last, off = deepest(), 0
  for p = 1, pages do
    local key, c = KEYS[p], byte(counts, p)
    if p < last then
      pass(p, off, c, served)
    else
      local v = call('GET', key)
      if not v then
        call('SET', key, pack('>I4', COMPACT) .. until6 .. pack('BB', 0, c + 1) .. expiry6 .. first_served .. check(p) .. sub(ids, off * 12 + 1, (off + c) * 12), 'PX', px)
      else
        local path, pos = walk(v, off, c)
        local rebuilt = touch(key, v, path, served)
        if pos <= c then
          local new = sub(ids, (off + pos - 1) * 12 + 1, (off + c) * 12)
          if rebuilt or not lengthen(key, v, path[#path], p, c + 1 - pos, new) then
            append(key, rebuilt or v, pack('BB', pos, c + 1 - pos) .. expiry6 .. first_served .. check(p) .. new)
          end
        end
      end
    end
    off = off + c
  end

  for a = pages + 1, #KEYS do
    local life = unpack_('>I6', ARGV[9], (a - pages - 1) * 6 + 1)
    local e, v = now + life, call('GET', KEYS[a])
    if v then
      local e0, life0 = unpack_('>I6I6', v)
      if e0 > now then e, life = math.max(e, e0), math.max(life, life0) end
    end
    call('SET', KEYS[a], pack('>I6I6', e, life), 'PX', e - now + slack)
  end
  return { now }
end
return guarded(work)
