-- Shared beginning of find.lua and record.lua; the format of keys and values stands in StoreKeys.cs.
-- KEYS: the chain's pages, root first, then its anchors.
-- ARGV: 1 now in Unix ms, or '' for this server's own clock   2 lifetime in ms   3 how much longer than its content a key lives, in ms
--       4 a byte per page: its blocks after the first         5 the ids of those blocks, or their beginnings, page after page
--       6 the checks of the pages' last blocks, 8 bytes each  7 the bytes of an id in 5: up to 12
-- The server hashes every string that a script gets to see, byte by byte (1.2 ns each): what is short is fast.
local call, sub, byte, find = redis.call, string.sub, string.byte, string.find
local pack, unpack_ = struct.pack, struct.unpack
local now = tonumber(ARGV[1])
if not now then
  local t = call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local ttl, slack, counts, ids, checks, width = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local expiry = now + ttl
local expiry6 = pack('>I6', expiry)
-- A key lives a quarter longer than its content, so that its own lifetime has to be moved only now and then.
local px = ttl + math.floor(ttl / 4) + slack
local until6 = pack('>I6', now + px)
local pages = #counts

-- The id of the block at index i of the call's ids. A chain hash commits to all before it: where one id is equal, all before it are.
local function id(i) return sub(ids, i * width + 1, i * width + width) end
local function check(p) return sub(checks, p * 8 - 7, p * 8) end

-- The deepest page that is known, and its value's first 42 bytes. It proves everything before it: its key commits to the whole
-- prefix, and ancestors live at least as long. So a page that was evicted early does not cut the match short.
local function deepest()
  for p = pages, 1, -1 do
    local head = call('GETRANGE', KEYS[p], 0, 41)
    if #head == 42 and unpack_('>I6', head, 13) > now then return p end
  end
  return 0
end

-- The runs of page v that lie on the chain, as {offset in v, first position, blocks on the chain, blocks in the run, expiry},
-- and the number of the page's blocks that they hold. off: index of the page's first id; c: the page's blocks after the first.
local function walk(v, off, c)
  local path, n, at, pos = {}, 0, 11, 0
  repeat
    local _, count, e = unpack_('>BBI6', v, at)
    local skip = pos == 0 and 1 or 0                       -- the page's first block is its key, not an id
    local m = math.min(count, c + 1 - pos) - skip
    local theirs, mine = at + 20, off + pos + skip - 2     -- the run's i-th id begins at theirs + 12 i; mine + i is the index of ours
    if m > 0 and sub(v, theirs + m * 12, theirs + m * 12 + width - 1) ~= id(mine + m) then
      local low, high = 0, m - 1
      while low < high do
        local mid = math.ceil((low + high) / 2)
        if sub(v, theirs + mid * 12, theirs + mid * 12 + width - 1) == id(mine + mid) then low = mid else high = mid - 1 end
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
      local f = find(v, id(off + pos - 1), 43, true)
      if f and byte(v, f - 32) == pos then at = f - 32 end
    end
  until not at
  return path, pos
end

-- Gives the runs on the path the new expiry where theirs is earlier, and the destination. A run that the path leaves is cut in two.
-- Returns the page's value where it was rebuilt.
local function touch(key, v, path, served)
  local changed, cut, later = {}, false, false
  for i = 1, #path do
    local run = path[i]
    local by = sub(v, run[1] + 8, run[1] + 23)
    local new = served and served(by) or by
    if run[5] < expiry or new ~= by then
      changed[i] = new
      later = later or run[5] < expiry
      cut = cut or run[3] < run[4]
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
        local split = at + 32 + (m - (pos == 0 and 1 or 0)) * 12
        v = sub(v, 1, at - 1) .. pack('BB', pos, m) .. head .. '\0\0\0\0\0\0\0\0' .. sub(v, at + 32, split - 1)
          .. pack('BB', pos + m, count - m) .. sub(v, at + 2, at + 31) .. sub(v, split)
      end
    end
  end
  if cut then call('SET', key, v, 'KEEPTTL') end
  if later and unpack_('>I6', v, 5) < expiry + slack then
    call('PEXPIRE', key, px)
    call('SETRANGE', key, 4, until6)
  end
  return cut and v
end

-- A page before the deepest known one: all its blocks are on the path. Most pages are one run; its check says that it is ours.
local function pass(p, off, c, served)
  local key = KEYS[p]
  local head = call('GETRANGE', key, 0, 41)
  if #head < 42 then return end
  local kept, _, count, e = unpack_('>I6BBI6', head, 5)
  if count ~= c + 1 or sub(head, 35, 42) ~= check(p) then
    local v = call('GET', key)
    touch(key, v, walk(v, off, c), served)
    return
  end
  local by = served and served(sub(head, 19, 34)) or ''
  if e >= expiry then
    if by ~= '' then call('SETRANGE', key, 18, by) end
  elseif kept >= expiry + slack then
    call('SETRANGE', key, 12, expiry6 .. by)
  else
    call('PEXPIRE', key, px)
    call('SETRANGE', key, 4, until6 .. sub(head, 11, 12) .. expiry6 .. by)
  end
end

-- Runs the script's work. What it cannot read (a key of another type, a value that is not ours) is removed, once, and the work done again: no
-- key that somebody else wrote keeps a prefix from being found, or fails call after call. What the server itself refuses (full, a replica, ...) is passed on.
local function guarded(work)
  local ok, reply = pcall(work)
  if ok then return reply end
  local why = type(reply) == 'table' and reply.err or reply
  if not (find(why, '^@?user_script:') or find(why, '^WRONGTYPE')) then return redis.error_reply(why) end
  for k = 1, #KEYS do call('UNLINK', KEYS[k]) end
  return work()
end
