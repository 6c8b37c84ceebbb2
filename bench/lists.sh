#!/bin/sh
# Each list endpoint of the plots and agents catalogs by itself, one client, uncached, with the indexes of examples/:
# p95 (promised: at most 50 ms at the catalog's sample scale) and X-Query-Count (promised: 1 unless the contract needs
# two). Plots' sample at SCALE 0.03 is 300 specs of 12 libraries, at 1 it is 10,000; agents' at 1 is 1 M messages.
set -eu
cd "$(dirname "$0")/.."
SCALE=${SCALE:-0.03}
. bench/on-sample
build_indexes

cat >"$work/one.lua" <<'LUA'
done = function(summary, latency)
  print(string.format("p50 %.1f ms, p95 %.1f ms", latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
LUA
channel=$(ids /api/channels | head -1) workflow=$(ids '/api/workflows?limit=1') agent=$(ids /api/agents | head -1)
over=0
for path in /languages /libraries /libraries/matplotlib/images /specs /specs/map "/specs/$(ids /specs | head -1)/images" \
  '/plots/filter?limit=100' '/plots/filter?lib=matplotlib,plotly&plot=scatter,bar&feat=annotated,basic&limit=100' \
  '/api/agents?active_only=true' /api/channels "/api/channels/$channel/messages?limit=100" \
  "/api/channels/$channel/messages?limit=100&offset=1000" '/api/workflows' '/api/workflows?status=completed' \
  "/api/workflows/$workflow/tasks" '/api/tasks' '/api/tasks?status=pending' "/api/tasks?assigned_to=$agent"; do
  wrk -t1 -c1 -d3s "$URL$path" >/dev/null # the JIT and PostgreSQL's cache warm up
  seen=$(wrk -t1 -c1 -d"${SECONDS_EACH:-3}s" -s "$work/one.lua" "$URL$path" | grep '^p50')
  answer=$(curl -s -o "$work/body" -w '%{http_code}, X-Query-Count %header{x-query-count}, %{size_download} bytes' "$URL$path")
  echo "$seen · $answer · $path"
  echo "$seen" | awk '{ exit !($5 > 50) }' && over=$((over + 1)) || true
done
echo "scale $SCALE: $over endpoints over 50 ms p95"
[ "$over" = 0 ]
