#!/bin/sh
# The seeds' promises over all three catalogs, cache off: 100 concurrent clients on every endpoint of the contract, first
# without performance indexes, for the record, then with those that the operator builds from examples/*.yaml.
#   statements p95 < 100 ms, requests' median < 200 ms, less than 5 % of requests over 100 ms       (with indexes)
# Starts its own PostgreSQL (the testkit's) and needs wrk besides. SECONDS_EACH, SCALE and PORT may be set.
set -eu
cd "$(dirname "$0")/.."
. bench/on-sample
SECONDS_EACH=${SECONDS_EACH:-30}

{
  printf '%s\n' /domains/ /topics/ /repos/ '/workstreams/?status=active' '/tasks/?status=todo' '/tasks/?limit=500' \
    /sbom/snapshots/ /state/summary /languages /libraries /specs /specs/map /stats '/plots/filter?lib=matplotlib&limit=100' \
    '/api/agents?active_only=true' /api/agents/name/orchestrator /api/channels '/api/workflows?status=completed' \
    '/api/tasks?status=pending&limit=50' /api/stats
  each /domains/ /domains/; each /topics/ /topics/; each /repos/ /repos/
  each '/repos/' '/sbom/snapshots/?repo_id='; each '/workstreams/?limit=20' /workstreams/
  each '/workstreams/?limit=20' '/tasks/?workstream_id='; each '/tasks/?limit=20' /tasks/
  each /libraries /libraries/ /images; each /specs /specs/; each /specs /specs/ /images
  each /api/agents /api/agents/; each /api/channels /api/channels/ /messages
  each '/api/workflows?limit=20' /api/workflows/; each '/api/workflows?limit=20' /api/workflows/ /tasks
} >"$work/paths"
{
  echo 'local paths = {}'
  echo "for line in io.lines('$work/paths') do paths[#paths + 1] = line end"
  cat <<'LUA'
math.randomseed(42)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
done = function(summary, latency)
  local over = 0
  for hundredth = 1, 9999 do if latency:percentile(hundredth / 100) > 100000 then over = 100 - hundredth / 100 break end end
  local errors = summary.errors
  print(string.format("requests: %d, median %.1f ms, p95 %.1f ms, %.1f %% over 100 ms, %d answered 4xx or 5xx, %d timed out",
    summary.requests, latency:percentile(50) / 1000, latency:percentile(95) / 1000, over, errors.status, errors.timeout))
end
LUA
} >"$work/clients.lua"

buckets() { curl -sf "$ADMIN_URL/metrics" | sed -n 's/^db_client_operation_duration_seconds_bucket{.*le="\([^"]*\)"} /\1 /p'; }
measure() { # $1: what to call it
  wrk -t2 -c100 -d5s -s "$work/clients.lua" "$URL" >/dev/null # connections and the JIT warm up
  buckets >"$work/before"
  seen=$(wrk -t2 -c100 -d"${SECONDS_EACH}s" -s "$work/clients.lua" "$URL" | sed -n 's/^requests: //p')
  buckets >"$work/after"
  # Histograms sum over statements; the p95 is the first bound below which 95 % of what came in between lies.
  p95=$(awk 'NR == FNR { before[$1] += $2; next } { after[$1] += $2 }
    END { for (le in after) { n = after[le] - before[le]; if (le == "+Inf") all = n; else print le + 0, n }
          print "all", all }' "$work/before" "$work/after" | sort -g | awk '$1 == "all" { all = $2; next } { le[++k] = $1; n[k] = $2 }
    END { for (i = 1; i <= k; i++) if (n[i] >= 0.95 * all) { printf "%g ms", 1000 * le[i]; exit } printf "over %g ms", 1000 * le[k] }')
  echo "$1: statements p95 at most $p95; requests $seen"
}
measure "without indexes"
build_indexes
measure "with the indexes of examples/"
build_indexes Create
measure "and with those of the foreign keys that had none (foreignKeys: Create)"
