-- wrk's own report is for people: this one is for ./wrk.py. Durations and latencies are in microseconds.
-- Arguments: a method, and the size of a body to send with it.
function init(arguments)
    if arguments[1] then
        wrk.method = arguments[1]
        wrk.body = string.rep("x", tonumber(arguments[2]))
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\nreport: {"operations": %d, "seconds": %.6f, "p50": %d, "p99": %d, "bytes": %d, '
            .. '"refused": %d, "errors": %d, "statuses": %d, "late": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), summary.bytes,
        errors.connect, errors.read + errors.write, errors.status, errors.timeout))
end
