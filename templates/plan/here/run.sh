# ---- the run ----
#
# run_steps does the chosen steps in order and ends the run at the first that fails.
# main is where everything begins.

# run_steps goes through the chosen steps. Guarded ones of one machine that
# follow each other are one job: in between, the machine may be unreachable.
run_steps() {
  local i=0 id group
  while ((i < ${#STEPS[@]})); do
    id=${STEPS[i]}
    group=()
    while [[ ${KIND[$id]} == guarded && ${STEPS[i]-} == "${id%/*}"/* && ${KIND[${STEPS[i]-}]} == guarded ]]; do
      group+=("${STEPS[i]}")
      i=$((i + 1))
    done
    if ((${#group[@]} > 0)); then
      run_guarded "${id%/*}" "${group[@]}"
    else
      run_step "$id"
      i=$((i + 1))
    fi
  done
}

run_step() { # ID
  local id=$1 output
  progress "$id"
  if [[ $id == -/* ]]; then
    output=$(unlocked verify_here "$id" 2>&1) || fail "$id" "$output"
  else
    open_machine "${id%/*}"
    is_pending "$id" || { outcome "$id" unchanged && return; }
    give_up "$id"
    output=$(unlocked on_machine "${id%/*}" step "${id#*/}" 2>&1) || fail "$id" "$output"
  fi
  keep "$id" "$output"
  outcome "$id" ok
}

is_pending() { [[ -n $FORCE || -n ${PENDING[$1]-} ]]; }

# verify_here ID: a step without a machine only looks, from here. The subshell
# stops at the first line that fails.
verify_here() (
  set -e
  "$(function_of "$1")" verify
)

# run_guarded MACHINE ID...: the machine arms an undo, does the steps by itself,
# and waits for us to come back over a new connection. If we do not, it puts the
# network back.
run_guarded() {
  local machine=$1 id todo=() output
  shift
  progress "$1"
  open_machine "$machine"
  for id; do
    if is_pending "$id"; then todo+=("$id"); fi
  done
  if ((${#todo[@]} > 0)); then
    output=$(unlocked do_guarded "$machine" "${todo[@]#*/}" 2>&1) || fail "${todo[0]}" "$output"
    keep "${todo[0]}" "$output"
  fi
  for id; do
    [[ $id == "$1" ]] || progress "$id"
    if is_pending "$id"; then outcome "$id" ok; else outcome "$id" unchanged; fi
  done
}

# do_guarded MACHINE STEP...: asks over new connections how it went, until the
# machine must have undone what it could not tell us about.
do_guarded() {
  local machine=$1 deadline=$((SECONDS + UNDO_AFTER + 60)) answer
  shift
  on_machine "$machine" guard "$UNDO_AFTER" "$@" || return
  while ((SECONDS < deadline)); do
    sleep 1
    answer=$(anew on_machine "$machine" guard-state 2>/dev/null) || continue
    case ${answer%%$'\n'*} in
      running) ;;
      done)
        if [[ $machine == "$LOCAL_MACHINE" ]] && ! still_reached "$machine"; then
          on_machine "$machine" guard-undo
          continue
        fi
        anew on_machine "$machine" guard-confirm "$@" || return
        drop_connection "$machine"
        printf '%s\n' "${answer#*$'\n'}"
        return
        ;;
      *)
        case $answer in
          undone*) printf 'the network of %s is as it was before\n%s\n' "$machine" "${answer#*$'\n'}" ;;
          *) printf 'the network of %s was put back, and differs from before (-) in this (+):\n%s\n' "$machine" "${answer#*$'\n'}" ;;
        esac
        return 1
        ;;
    esac
  done
  printf '%s does not answer; its undo was due after %d seconds\n' "$machine" "$UNDO_AFTER"
  return 1
}

drop_connection() { ssh -F "$WORK/ssh_config" -O exit "$1" 2>/dev/null || true; }

undo_network() {
  local id machine
  for id in "${STEPS[@]}"; do
    machine=${id%/*}
    [[ ${KIND[$id]} == guarded && -z ${OPENED[$machine]-} ]] || continue
    OPENED[$machine]=yes
    await "$machine"
    on "$machine" bash "/var/lib/stackgen/$STACK/network/machine.sh" any undo-network </dev/null ||
      die "$machine: the network before is not known, or could not be put back"
    printf '%s: the network is as it was before the last change\n' "$machine"
  done
}

main() {
  read_options "$@"
  choose_steps
  case $MODE in
    list) list && exit ;;
    dry-run) dry_run && exit ;;
    show-code) show_code && exit ;;
    undo-network)
      ask 'Put back the network as it was before the last change?'
      start
      undo_network
      exit
      ;;
  esac
  if [[ $MODE != check-secrets ]]; then check_tree; fi
  find_secrets
  forget_environment
  if [[ $MODE == check-secrets ]]; then exit; fi
  if [[ $MODE == plan ]]; then
    start
    plan_machines
    exit
  fi
  ask "Apply ${#STEPS[@]} steps of the stack $STACK?"
  start
  look_at_hosts
  run_steps
  clear_up
}
