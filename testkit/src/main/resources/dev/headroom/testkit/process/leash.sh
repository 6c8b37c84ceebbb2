# Runs one server and stops it when the JVM that asked for it closes our standard input, or dies in whatever way.
# $1: signal that stops the server; $2: directory to remove after it, or empty; $3: its log; then its command.
# Prints the server's pid, then exits with the server's status once that has ended.
stop=$1 remove=$2 log=$3
shift 3
exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- &
server=$!
trap '' HUP INT QUIT
echo "$server"
(
  trap 'exit 0' TERM
  while read -r _; do :; done <&3 # until end of file: nothing is ever written
  trap '' TERM
  kill -s CONT "$server" 2>/dev/null # it may be suspended
  kill -s "$stop" "$server" 2>/dev/null
  tenths=0
  while kill -s 0 "$server" 2>/dev/null; do
    tenths=$((tenths + 1))
    [ "$tenths" -lt 200 ] || kill -s KILL "$server" 2>/dev/null
    sleep 0.1
  done
  [ -z "$remove" ] || rm -rf "$remove"
) >/dev/null &
watch=$!
exec >&-
wait "$server"
status=$?
kill -s TERM "$watch" 2>/dev/null
wait "$watch"
exit "$status"
