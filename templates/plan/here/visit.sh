# ---- the check at the end ----
#
# What the steps without a machine call. It looks from here and changes nothing; it
# prints what it saw and returns 1 if that is not what a visitor wants.

# visit NAME ADDRESS PORT [tls]: asks for a site the way its visitors do. A server
# error anywhere behind the address is a failure; the cache may take a moment to
# find its servers healthy.
visit() {
  local status='' url=http${4:+s}://$1:$3
  for _ in {1..30}; do
    status=$(ask_site${4:+_by_tls} "$1" "$2" "$3" 2>/dev/null || true)
    [[ ! $status =~ ^[234][0-9][0-9]$ ]] || { echo "$url at $2: $status" && return; }
    sleep 1
  done
  echo "$url at $2: ${status:-no answer}"
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

# ask_site_by_tls NAME ADDRESS PORT: the same. Whether the certificate is that of its
# authority, the machine itself has looked: it may be one that this machine does not know.
ask_site_by_tls() {
  local line address=$2
  [[ $address != *:* ]] || address=[$address]
  line=$({ printf 'GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" && sleep 5; } |
    timeout 5 openssl s_client -quiet -connect "$address:$3" -servername "$1" 2>/dev/null | head -n 1)
  line=${line#* }
  printf '%s\n' "${line%% *}"
}
