-- Shared beginning of find.lua and record.lua; the format of keys and values stands in StoreKeys.cs and in docs/prefix-store.md.
-- KEYS: the chain's pages, root first, then its anchors.
-- ARGV: 1 now in Unix ms, or '' for this server's own clock   2 lifetime in ms   3 how much longer than its content a key lives, in ms
--       4 a byte per page: its blocks after the first         5 the ids of those blocks, 12 bytes each, page after page
local call, sub, byte, find = redis.call, string.sub, string.byte, string.find
local pack, unpack_ = struct.pack, struct.unpack
local now = tonumber(ARGV[1])
if not now then
  local t = call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local ttl, counts, ids = tonumber(ARGV[2]), ARGV[4], ARGV[5]
local px = ttl + tonumber(ARGV[3])
local expiry = now + ttl
local expiry6 = pack('>I6', expiry)
local pages = #counts

-- The runs of page v that lie on the chain, as {offset in v, first position, blocks on the chain, blocks in the run, expiry},
-- and the number of the page's blocks that they hold. off: index of the page's first id; c: the page's blocks after the first.
local function walk(v, off, c)
  local path, n, at, pos = {}, 0, 5, 0
  repeat
    local _, count, e = unpack_('>BBI6', v, at)
    local skip = pos == 0 and 1 or 0                       -- the page's first block is its key, not an id
    local m = math.min(count, c + 1 - pos) - skip
    local theirs, mine = at + 24, (off + pos + skip - 1) * 12
    if sub(v, theirs, theirs + m * 12 - 1) ~= sub(ids, mine + 1, mine + m * 12) then
      local low, high = 0, m - 1
      while low < high do
        local mid = math.ceil((low + high) / 2)
        if sub(v, theirs, theirs + mid * 12 - 1) == sub(ids, mine + 1, mine + mid * 12) then low = mid else high = mid - 1 end
      end
      m = low
    end
    m = m + skip
    if m == 0 then break end
    n = n + 1
    path[n] = { at, pos, m, count, e }
    pos = pos + m
    at = nil
    if pos <= c then
      -- An id stands in a page once: where it is found and the path has not met it, its run begins.
      local f = find(v, sub(ids, (off + pos - 1) * 12 + 1, (off + pos) * 12), 29, true)
      if f and byte(v, f - 24) == pos then at = f - 24 end
    end
  until not at
  return path, pos
end

-- Gives the runs on the path the new expiry where theirs is earlier, and the destination; a run that the path leaves is cut in two.
-- Returns the page's value where it was rebuilt.
local function touch(key, v, path, served)
  local changed, cut, later = {}, false, false
  for i = 1, #path do
    local run = path[i]
    if run[5] < expiry or served then
      local by = sub(v, run[1] + 8, run[1] + 23)
      local new = served and served(by) or by
      if run[5] < expiry or new ~= by then
        changed[i] = new
        later = later or run[5] < expiry
        cut = cut or run[3] < run[4]
      end
    end
  end
  for i = #path, 1, -1 do
    if changed[i] then
      local at, pos, m, count, e = unpack(path[i])
      local head = (e < expiry and expiry6 or pack('>I6', e)) .. changed[i]
      if not cut then
        call('SETRANGE', key, at + 1, head)
      elseif m == count then
        v = sub(v, 1, at + 1) .. head .. sub(v, at + 24)
      else
        local split = at + 24 + (m - (pos == 0 and 1 or 0)) * 12
        v = sub(v, 1, at - 1) .. pack('BB', pos, m) .. head .. sub(v, at + 24, split - 1)
          .. pack('BB', pos + m, count - m) .. sub(v, at + 2, at + 23) .. sub(v, split)
      end
    end
  end
  if cut then call('SET', key, v, 'KEEPTTL') end
  if later then call('PEXPIRE', key, px, 'GT') end
  return cut and v
end
