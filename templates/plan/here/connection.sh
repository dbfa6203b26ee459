# ---- connections ----
#
# start takes the lock of this stack on this computer, makes the folder WORK and the
# configuration of ssh in it; finish, at every end, leaves nothing of it behind.

STATE=${XDG_STATE_HOME:-~/.local/state}/stackgen/$STACK
RUN_ID=$(hostname)-$$-$EPOCHSECONDS
LOG=$STATE/log
LOCAL_MACHINE='' WORK='' LOCK='' SHOWN=''
readonly WAIT=${STACKGEN_WAIT:-300} UNDO_AFTER=${STACKGEN_UNDO_AFTER:-120} SHUTDOWN=${STACKGEN_SHUTDOWN:-180}

# REMOVAL is no step, but guarded like one: it can cut a machine off.
readonly REMOVAL=@removal

# start takes the lock, opens the log, and makes a folder for the connections.
start() {
  umask 077
  check_times
  command -v flock >/dev/null || die 'flock is not installed here'
  mkdir -p "$STATE/known_hosts.d"
  exec {SHOWN}>&2
  exec {LOCK}>"$STATE/lock"
  flock -n "$LOCK" || die "another run of apply.sh for $STACK is under way"
  WORK=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/stackgen.XXXXXX")
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  if [[ -n $IS_LOCAL ]]; then choose_local; fi
  write_ssh_config
  [[ -s $STATE/operator ]] || od -An -N8 -tx1 /dev/urandom | tr -d ' \n' >"$STATE/operator"
  OPERATOR="$(<"$STATE/operator") $(id -un)@$(hostname) since $(printf '%(%F %T)T' -1)"
  log "run $RUN_ID: ${#STEPS[@]} of $TOTAL steps"
}

# check_times: what is no number would be found out in the middle of a change.
check_times() {
  local name
  for name in WAIT UNDO_AFTER SHUTDOWN; do
    [[ ${!name} =~ ^(0|[1-9][0-9]{0,5})$ ]] || misused "STACKGEN_$name is ${!name@Q}, not a number of seconds"
  done
}

finish() {
  local machine
  for machine in "${!OPENED[@]}"; do
    wipe "$machine" >/dev/null 2>&1 || true
    [[ $machine == "$LOCAL_MACHINE" ]] || ssh -F "$WORK/ssh_config" -O exit "$machine" 2>/dev/null || true
  done
  rm -rf "$WORK"
}

# wipe MACHINE: what was brought there has secrets in it. A job that is still at
# work, as after an interrupt, needs it; a machine that is gone is not waited for. Where
# somebody has taken over, it is his.
wipe() {
  [[ $1 == "$LOCAL_MACHINE" ]] || ssh -F "$WORK/ssh_config" -O check "$1" || return
  # shellcheck disable=SC2016 # for the machine
  on "$1" flock -n "/run/stackgen/$STACK/lock" sh -c 'cd "$1" && [ "$(cut -d" " -f1 operator)" = "$2" ] && rm -rf stage operator' - \
    "/run/stackgen/$STACK" "${OPERATOR%% *}" </dev/null
}

log() { printf '%(%FT%T%z)T %s\n' -1 "$*" >>"$LOG"; }

# choose_local: the machine this runs on is the one of --host, or the one that
# has our host name.
choose_local() {
  LOCAL_MACHINE=${HOSTS[0]:-$(hostname -s)}
  if ((${#HOSTS[@]} > 1)) || [[ -z ${KNOWN_MACHINE[$LOCAL_MACHINE]-} ]]; then
    misused "--local: is this machine $LOCAL_MACHINE? say with --host which one of the stack it is"
  fi
}

# write_ssh_config adds to the ssh_config beside this script how apply itself
# wants to connect, and then what the user has set. The first word counts. What
# --accept-new takes for true is kept in a file of its own.
write_ssh_config() {
  local strict=yes
  [[ -z $ACCEPT_NEW ]] || strict=accept-new
  {
    cat "$HERE/ssh_config"
    cat <<CONFIG

Host *
  BatchMode yes
  ConnectTimeout 10
  ServerAliveInterval 5
  ServerAliveCountMax 3
  ControlMaster auto
  ControlPath $WORK/%C
  ControlPersist 300
  StrictHostKeyChecking $strict
  UserKnownHostsFile "$STATE/accepted_hosts" "$WORK/known_hosts" ~/.ssh/known_hosts
  Include ~/.ssh/config
CONFIG
  } >"$WORK/ssh_config"
  refresh_known_hosts
}

refresh_known_hosts() { cat /dev/null "$STATE"/known_hosts.d/* >"$WORK/known_hosts" 2>/dev/null || true; }

# unlocked COMMAND...: runs it without the lock. What outlives a run that was
# killed shall not keep the next one out.
unlocked() {
  exec {LOCK}>&-
  "$@"
}
