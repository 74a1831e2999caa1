-- Print the result of a run as one line of JSON; wrk calls this once, at the end.
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"answered":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
