# ---- the check at the end ----
#
# What the steps without a machine call. It looks from here and changes nothing; it
# prints what it saw and returns 1 if that is not what a visitor wants.

readonly PATIENCE=30 # seconds

# visit NAME ADDRESS PORT [tls]: asks for a site the way its visitors do. A server
# error anywhere behind the address is a failure; the cache may take a moment to
# find its servers healthy.
visit() {
  local site="http${4:+s}://$1:$3 at $2" deadline=$((SECONDS + PATIENCE)) saw='' before=''
  while saw=$(answer_of "$@") && [[ ! $saw =~ ^[234][0-9][0-9]$ ]]; do
    if ((SECONDS >= deadline)); then
      echo "$site: $saw, for $PATIENCE seconds"
      return 1
    fi
    [[ $saw == "$before" ]] || waiting "$site: $saw; asking for up to $PATIENCE seconds"
    before=$saw
    sleep 1
  done
  echo "$site: $saw"
}

# waiting TEXT: on the terminal, while the output of a step is still collected.
waiting() { printf '\n  %s … ' "$1" >&"${SHOWN:-2}"; }

# answer_of NAME ADDRESS PORT [tls]: the status of its answer, or why there is none.
answer_of() {
  local lines status=0 answer ask=ask_site${4:+_by_tls} limit=5
  if [[ -n ${4-} ]]; then limit=15; fi # openssl stays a while
  lines="$(declare -f "$ask"); $ask"' "$@"'
  answer=$(timeout "$limit" bash -c "$lines" - "${@:1:3}" 2>&1) || status=$?
  if ((status == 124)); then
    echo "no answer within $limit seconds"
  elif [[ -z $answer ]]; then
    echo 'the connection was closed without an answer'
  else
    answer=${answer##*$'\n'}
    clean <<<"${answer##*: }"
  fi
}

# ask_site NAME ADDRESS PORT: the status of its answer.
ask_site() {
  local line=''
  exec 3<>"/dev/tcp/$2/$3" || return
  printf 'GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" >&3
  IFS= read -r -n 200 line <&3 || true
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
