# ---- proof that this machine can still be reached ----
#
# With --local there is no connection that could be made anew. still_reached succeeds if who
# works here still can: the other end of their ssh session acknowledges, or they say so at
# the terminal, or, with neither, every default gateway answers. It prints why not.

still_reached() { # MACHINE
  local session silent
  session=$(ssh_session)
  if [[ -n $session ]]; then
    # shellcheck disable=SC2086 # its four words
    acknowledged $session || { echo 'the other end of this ssh session does not answer any more' && return 1; }
  elif { : </dev/tty; } 2>/dev/null; then
    confirmed_by_hand || { echo 'nobody confirmed the change at the terminal' && return 1; }
  else
    silent=$(on_machine "$1" gateways-silent)
    [[ -z $silent ]] || { printf 'there is no proof that this machine is still reached: %s does not answer\n' "${silent//$'\n'/, }" && return 1; }
  fi
}

# ssh_session prints address and port of the client and of this machine, as sshd tells
# its session. sudo(8) takes that out of the environment, but not out of that of the
# processes above.
ssh_session() {
  local pid=$$ line
  if [[ -n ${SSH_CONNECTION-} ]]; then printf '%s\n' "$SSH_CONNECTION" && return; fi
  while ((pid > 1)); do
    line=$(tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=//p' || true)
    if [[ -n $line ]]; then printf '%s\n' "$line" && return; fi
    pid=$(awk '{ sub(/.*\) /, ""); print $2 }' "/proc/$pid/stat" 2>/dev/null) || return 0
  done
}

# acknowledged CLIENT PORT HERE PORT: something is shown, which travels to the client, and
# the kernel says whether it was acknowledged since. Where the session shows nothing, as
# with its output in a file, the client is looked for itself, from the address it came to.
acknowledged() {
  local began ago
  for _ in {1..10}; do
    began=${EPOCHREALTIME/./}
    printf '.' >&"$SHOWN"
    sleep 1
    ago=$(ss -Htin state established "src = [$3] and sport = :$4 and dst = [$1] and dport = :$2" 2>/dev/null | grep -o 'lastack:[0-9]*' | cut -d: -f2)
    if [[ -n $ago ]] && ((ago * 1000 < ${EPOCHREALTIME/./} - began)); then return; fi
    if ping -c 1 -W 1 -I "$3" "$1" >/dev/null 2>&1; then return; fi
  done
  return 1
}

confirmed_by_hand() {
  local answer=''
  printf '\nThe network of this machine is changed. Open another connection to it; if that works, type yes within %d seconds: ' $((UNDO_AFTER / 2)) >/dev/tty
  read -r -t $((UNDO_AFTER / 2)) answer </dev/tty && [[ $answer == yes ]]
}
