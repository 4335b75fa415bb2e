-- Returns {pages, blocks in the last of them, who served the last block (4 x u32), a byte per anchor: 1 if it is known,
-- the last block's id as the page has it, '' for a page's first: whoever sent beginnings of ids compares the rest}.
local function work()
  local last, blocks, by, last_id, off = deepest(), 0, '', '', 0
  for p = 1, last - 1 do
    local c = byte(counts, p)
    if ttl > 0 then pass(p, off, c) end                       -- 0: only a look
    off = off + c
  end
  if last > 0 then
    local v = call('GET', KEYS[last])
    local path, pos = walk(v, off, byte(counts, last))
    for i = 1, #path do
      if path[i][5] <= now then
        pos = path[i][2]
        for j = #path, i, -1 do path[j] = nil end
        break
      end
    end
    blocks = pos
    local at, first, m = unpack(path[#path])
    by = sub(v, at + 8, at + 23)
    local stored = m - (first == 0 and 1 or 0)
    if stored > 0 then last_id = sub(v, at + 20 + stored * 12, at + 31 + stored * 12) end
    if ttl > 0 then touch(KEYS[last], v, path) end
  end

  local known = {}
  for a = pages + 1, #KEYS do
    local v = call('GET', KEYS[a])
    known[a - pages] = '\0'
    if v then
      local e, life = unpack_('>I6I6', v)
      if e > now then
        known[a - pages] = '\1'
        if ttl > 0 and now + life > e then
          call('SETRANGE', KEYS[a], 0, pack('>I6', now + life))
          call('PEXPIRE', KEYS[a], life + slack)
        end
      end
    end
  end
  return { last, blocks, by, table.concat(known), last_id }
end
return guarded(work)
