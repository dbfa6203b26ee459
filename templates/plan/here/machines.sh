# ---- machines ----
#
# open_machine MACHINE has it ready for its steps: it answers, has its folder of the
# tree with all secrets in place, and has said which steps are still to do, which is
# then in PENDING. It does so once a run, and ends the run if it cannot.

declare -A OPENED=() PENDING=()

# open_machine MACHINE: waits until it answers, brings everything it needs, and
# asks which of its steps are still to do.
open_machine() {
  local machine=$1 step todo
  [[ -z ${OPENED[$machine]-} ]] || return 0
  OPENED[$machine]=yes
  learn_host_key "$machine"
  await "$machine"
  bring "$machine" || die "$machine: the files could not be brought there"
  todo=$(unlocked on_machine "$machine" pending 2>"$WORK/said") || die "$machine does not say what is to do"$'\n'"$(<"$WORK/said")"
  for step in $todo; do
    PENDING[$machine/$step]=yes
  done
  look_elsewhere "$machine"
  if [[ $MODE == apply ]]; then stop_if_foreign "$machine"; fi
}

# found MACHINE: what a look at it finds for its chosen steps that are to do; see look of
# apply.d/machine.sh.
found() {
  local id steps=()
  for id in "${STEPS[@]}"; do
    if [[ ${id%/*} == "$1" ]] && is_pending "$id"; then steps+=("${id#*/}"); fi
  done
  if ((${#steps[@]} > 0)); then (unlocked on_machine "$1" look "${steps[@]}"); fi
}

# stop_if_foreign MACHINE: what must not be done ends the run before the first step there,
# and so does what somebody has to bring first.
stop_if_foreign() {
  local all lines lacks choice=''
  all=$(found "$1") || true
  lacks=$(sed -n "s/^lack /  $1: /p" <<<"$all")
  [[ -z $lacks ]] || LACKS+=$'\n'$lacks
  lines=$(grep -e '^foreign ' -e '^stop ' <<<"$all") || true
  if grep -q '^foreign ' <<<"$lines"; then
    choice=$'\nSay so in the topology, or --replace-network to replace it all the same; apply.sh --plan shows more.'
  fi
  [[ -z $lines ]] || die "$1 is not as the topology has it, and nothing has been changed there:"$'\n'"$(cut -d' ' -f2- <<<"$lines")$choice"
  [[ -n ${LOOKING-} ]] || stop_for_lacks
}

# stop_for_lacks says at once what is missing on all machines that were looked at.
LACKS=''
stop_for_lacks() {
  [[ -z $LACKS ]] || CURRENT='' die "missing, and somebody has to bring it before a step is done:$LACKS"
}

# look_at_hosts: the machines that are no guests are there already: what stops one of them
# stops the run before its first step.
look_at_hosts() {
  local id machine LOOKING=yes
  for id in "${STEPS[@]}"; do
    machine=${id%/*}
    if [[ $machine == - || -n ${OPENED[$machine]-} ]] || guests | grep -q "^$machine "; then continue; fi
    if (unlocked on "$machine" true) </dev/null >/dev/null 2>&1; then CURRENT=$id && open_machine "$machine"; fi
  done
  CURRENT=''
  stop_for_lacks
}

# plan_machines prints what would be done on each machine that answers, and returns 2 if
# there is anything.
plan_machines() {
  local id machine step lines todo=0
  for id in "${STEPS[@]}"; do
    machine=${id%/*}
    [[ $machine != - && -z ${OPENED[$machine]-} ]] || continue
    if ! (unlocked on "$machine" true) </dev/null >/dev/null 2>&1; then
      OPENED[$machine]=yes todo=2
      printf '%s: does not answer: all of its steps are to do\n' "$machine"
      continue
    fi
    open_machine "$machine"
    for step in "${STEPS[@]}"; do
      if [[ ${step%/*} == "$machine" ]] && is_pending "$step"; then todo=2 && printf '%s: to do: %s\n' "$machine" "${SUMMARY[$step]}"; fi
    done
    lines=$(found "$machine" | in_words) || die "$machine does not say what it finds"
    [[ -z $lines ]] || printf '%s\n' "$machine: ${lines//$'\n'/$'\n'"$machine: "}"
  done
  return "$todo"
}

# in_words: what a look has found, for people. Lines that begin with a blank go on.
in_words() {
  sed -e 's/^foreign \( \)/\1/' -e 's/^foreign /stops the run, unless --replace-network: /' -e 's/^stop /stops the run: /' -e 's/^lack /missing: /'
}

steps_of() { # MACHINE
  local id
  for id in "${!NUMBER[@]}"; do
    [[ ${id%/*} != "$1" ]] || printf '%s\n' "${id#*/}"
  done | sort
}

# learn_host_key: first boot made the keys of a guest on its host, which is
# known already. So no first connection has to be trusted.
learn_host_key() {
  local guest host alias keys
  while read -r guest host alias; do
    [[ $guest == "$1" && $host != "$1" ]] || continue
    keys=$(host_keys "$guest" "$host") || continue
    printf '%s\n' "$alias ${keys//$'\n'/$'\n'"$alias "}" >"$STATE/known_hosts.d/$guest"
  done < <(guests)
  refresh_known_hosts
}

# host_keys GUEST HOST: of a guest that moved there with its disks, the host that it
# was on before has them. Only one that is in touch anyway is asked.
host_keys() {
  local host
  for host in "$2" $(homes | cut -d' ' -f1 | grep -vxF -- "$2" | sort -u); do
    [[ $host == "$2" || -n ${OPENED[$host]-} ]] || continue
    unlocked on "$host" cat "/var/lib/stackgen/$STACK/first-boot/$1.keys" </dev/null 2>/dev/null && return
  done
  return 1
}

# await MACHINE: a guest that was just started takes a while. What time does not
# heal is reported at once.
await() {
  local machine=$1 deadline=$((SECONDS + WAIT)) why
  [[ $machine == "$LOCAL_MACHINE" ]] || command -v ssh >/dev/null || die 'ssh is not installed here'
  until why=$(unlocked on "$machine" true </dev/null 2>&1); do
    case $why in
      *'verification failed'*) die "the SSH host key of $machine is not known; compare it and add it to known_hosts, or use --accept-new"$'\n'"$why" ;;
      *'does not do what it is asked'*) die "$machine: $why" ;;
      *'Permission denied'* | *'password is required'*) die "$machine does not let us in"$'\n'"$why" ;;
    esac
    ((SECONDS < deadline)) || die "$machine does not answer"$'\n'"$why"
    sleep 1
  done
}

# RECEIVE unpacks an archive on a machine, where root alone can read it. The lock
# is that of the machine's jobs: one that a killed run left behind ends first.
# FREE is whether nobody else is at work there. What is there then would be taken from
# under his hands. Who ends without a trace, as when killed, is at work until taken over.
# shellcheck disable=SC2016 # for the machine
readonly FREE='if [ -e operator ] && [ "$(cut -d" " -f1 operator)" != "${4%% *}" ] && [ -z "$5" ]; then echo "$(cut -d" " -f2- operator) is at work there; if that run is over, use --take-over" >&2 && exit 1; fi'
# shellcheck disable=SC2016 # for the machine
readonly RECEIVE='umask 077; mkdir -p "/run/stackgen/$1" && cd "/run/stackgen/$1" && '"$FREE"' && exec 9>lock && { flock -w "$3" 9 || { echo "a job of an earlier run is still at work there" >&2 && exit 1; }; } && '"$FREE"' && echo "$4" >operator && rm -rf stage && mkdir -p "stage/$2" && tar -xf - --no-same-owner --no-same-permissions -C stage && cd stage && sha256sum --check --quiet --strict digests'

# bring MACHINE: its files of the tree and its jobs in one archive, which is looked
# through there, and then the files that need secrets.
bring() {
  local machine=$1 name encoding file
  mkdir -p "$WORK/$machine"
  machine_script "$machine" >"$WORK/$machine/machine.sh"
  digests_of "$machine" | cut -c 67- >"$WORK/$machine.files"
  { (cd "$WORK/$machine" && sha256sum machine.sh) && digests_of "$machine"; } >"$WORK/$machine/digests" || return
  tar -cf - -C "$WORK/$machine" machine.sh digests -C "$HERE" -T "$WORK/$machine.files" |
    unlocked on "$machine" bash -c "$RECEIVE" - "$STACK" "$machine" "$WAIT" "$OPERATOR" "$TAKE_OVER" || return
  while read -r name encoding file; do
    [[ ${file%%/*} == "$machine" ]] || continue
    # shellcheck disable=SC2016 # for the machine
    fill "$HERE/$file" | unlocked on "$machine" bash -c 'umask 077; cat >"$1" && echo "$2  $1" | sha256sum --check --quiet --strict' - \
      "/run/stackgen/$STACK/stage/$file" "$(fill "$HERE/$file" | sha256sum | cut -d' ' -f1)" || return
  done < <(secrets | sort -u -k3,3)
}

# machine_script MACHINE: what apply does there, and the steps of that machine.
machine_script() {
  local step functions=()
  for step in $(steps_of "$1"); do
    functions+=("step_$1_$step")
  done
  printf '%s\n' '#!/bin/bash' 'set -euo pipefail' 'umask 022'
  printf 'STACK=%q SELF=%q RUN_ID=%q PRUNE=%q SHUTDOWN=%q REMOVAL=%q REPLACE_NETWORK=%q\n' "$STACK" "$1" "$RUN_ID" "$PRUNE" "$SHUTDOWN" "$REMOVAL" "$REPLACE_NETWORK"
  printf 'DOMAIN=%q MACHINES=%q SAME_STACK=%q\n' "${DOMAIN:--}" "$(plan | cut -d' ' -f1 | grep -vx -e - | sort -u | tr '\n' ' ' | sed 's/ $//')" "$SAME_STACK"
  cat "$HERE/apply.d/machine.sh"
  if ((${#functions[@]} > 0)); then declare -f "${functions[@]}"; fi
  # shellcheck disable=SC2016 # for the machine
  printf '%s\n' 'machine "$@"'
}
