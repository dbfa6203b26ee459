# ---- the check at the end ----
#
# What the steps without a machine call. It looks from here and changes nothing; it
# prints what it saw and returns 1 if that is not what a visitor wants.

# visit NAME ADDRESS PORT: asks for a site the way its visitors do. A server
# error anywhere behind the address is a failure; the cache may take a moment to
# find its servers healthy.
visit() {
  local status=''
  for _ in {1..30}; do
    status=$(ask_site "$@" 2>/dev/null || true)
    [[ ! $status =~ ^[234][0-9][0-9]$ ]] || { echo "http://$1:$3 at $2: $status" && return; }
    sleep 1
  done
  echo "http://$1:$3 at $2: ${status:-no answer}"
  return 1
}

# ask_site NAME ADDRESS PORT: the status of its answer.
ask_site() {
  local line
  exec 3<>"/dev/tcp/$2/$3"
  printf 'GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" >&3
  read -r -t 5 line <&3
  line=${line#* }
  printf '%s\n' "${line%% *}"
}
