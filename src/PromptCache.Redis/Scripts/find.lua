-- Returns {pages, blocks in the last of them, who served the last block (4 x u32), a byte per anchor: 1 if it is known}.
local values = call('MGET', unpack(KEYS))

-- A page that is known proves everything before it: its key commits to the whole prefix, and ancestors live at least as long.
local last = pages
while last > 0 and not (values[last] and unpack_('>I6', values[last], 7) > now) do last = last - 1 end

local blocks, by, off = 0, '', 0
for p = 1, last do
  local v, c = values[p], byte(counts, p)
  if v then
    local path, pos = walk(v, off, c)
    if p == last then
      for i = 1, #path do
        if path[i][5] <= now then
          pos = path[i][2]
          for j = #path, i, -1 do path[j] = nil end
          break
        end
      end
      blocks = pos
      by = sub(v, path[#path][1] + 8, path[#path][1] + 23)
    end
    touch(KEYS[p], v, path)
  end
  off = off + c
end

local known = {}
for a = pages + 1, #KEYS do
  local v = values[a]
  known[a - pages] = '\0'
  if v then
    local e, life = unpack_('>I6I6', v)
    if e > now then
      known[a - pages] = '\1'
      if now + life > e then
        call('SETRANGE', KEYS[a], 0, pack('>I6', now + life))
        call('PEXPIRE', KEYS[a], life + tonumber(ARGV[3]), 'GT')
      end
    end
  end
end
return { last, blocks, by, table.concat(known) }
