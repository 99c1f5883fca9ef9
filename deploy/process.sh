# Functions for scripts that run the binary in the background; to be sourced.

# The dev binary; where it stands depends on CARGO_TARGET_DIR.
binary=${CARGO_TARGET_DIR:-target}/debug/kitaplatz

# Prints a free TCP port on loopback. It is bound and let go, so take it soon.
free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# True when something listens on 127.0.0.1:$1.
listens() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# True when the process noted in file $1 is alive and one of ours (its number may have been given to another).
alive() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q kitaplatz
}

# start_process FOLDER NAME COMMAND…: runs the command in the background, with FOLDER/NAME.pid and FOLDER/NAME.log.
# Until the command has taken the place of the shell that was split off for it, the process is not one of ours yet.
start_process() {
  local folder=$1 name=$2 i
  shift 2
  NO_COLOR=1 setsid "$@" >>"$folder/$name.log" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
  for i in $(seq 100); do
    if alive "$folder/$name.pid" || ! kill -0 $! 2>/dev/null; then break; fi
    sleep 0.05
  done
  disown
}

# stop_process FOLDER NAME: asks it to end, and waits for that.
stop_process() {
  local file=$1/$2.pid pid i
  if alive "$file"; then
    pid=$(cat "$file")
    kill -TERM "$pid" 2>/dev/null || true
    for i in $(seq 250); do
      kill -0 "$pid" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || break
      [ "$i" -lt 250 ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.1
    done
  fi
  rm -f "$file"
}

# wait_gone FILE: until the process noted in the file has ended.
wait_gone() {
  local i
  for i in $(seq 100); do
    alive "$1" || return 0
    sleep 0.05
  done
  return 1
}

# wait_ready FOLDER NAME PORT PATH: until the process answers 200 there; shows its log when it does not.
wait_ready() {
  local i line
  for i in $(seq 300); do
    if line=$({ exec 3<>"/dev/tcp/127.0.0.1/$3" && printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$4" >&3 && head -n 1 <&3; } 2>/dev/null); then
      case $line in *" 200 "*) return 0 ;; esac
    fi
    alive "$1/$2.pid" || break
    sleep 0.1
  done
  echo "$2 did not get ready; the end of $1/$2.log:" >&2
  tail -n 20 "$1/$2.log" >&2
  return 1
}

# The 32 bytes that seal secrets, made once and kept in file $1.
secret_key() {
  [ -s "$1" ] || (umask 077 && head -c 32 /dev/urandom | base64 -w 0 >"$1")
  cat "$1"
}
