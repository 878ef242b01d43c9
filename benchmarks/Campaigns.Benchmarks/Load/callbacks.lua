-- Posts planned requests at their own times, whatever became of those before: an open loop. Each of wrk's threads has one connection and a file of
-- its own, one request a line: microseconds after the start, path, content type, body. A latency is counted from the planned time, so that a request
-- that had to wait for its connection has waited. What came of each goes to a file: number, status (0: no answer), latency in microseconds.
-- Arguments: folder, start in microseconds of the epoch.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment_t;
  int clock_gettime(int clock, moment_t *moment);
]]
local moment = ffi.new("moment_t")

local function now()
  ffi.C.clock_gettime(0, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  start = tonumber(args[2])
  due, requests, sent, answered = {}, {}, 0, 0
  for line in io.lines(args[1] .. "/requests-" .. number) do
    local at, path, kind, body = line:match("^(%d+)\t([^\t]*)\t([^\t]*)\t(.*)$")
    due[#due + 1] = start + tonumber(at)
    requests[#requests + 1] = wrk.format("POST", path, { ["Content-Type"] = kind }, (body:gsub("\\r\\n", "\r\n")))
  end
  answers = io.open(args[1] .. "/answers-" .. number, "w")
  answers:setvbuf("full")
end

local function note(status)
  answered = answered + 1
  answers:write(answered, " ", status, " ", math.floor(now() - due[answered]), "\n")
end

function delay()
  return math.max(0, math.ceil(((due[sent + 1] or 0) - now()) / 1000))
end

function request()
  -- The tool asks its first thread for a request once without sending it.
  if number == 0 and not shown then
    shown = true
    return requests[1]
  end
  -- A connection that broke has taken its request with it.
  while answered < sent do note(0) end
  sent = sent + 1
  if sent > #requests then
    answers:close()
    wrk.thread:stop()
    sent = #requests
  end
  return requests[sent]
end

function response(status)
  if answered >= sent then return end
  note(status)
  if answered == #requests then
    answers:close()
    wrk.thread:stop()
  end
end
