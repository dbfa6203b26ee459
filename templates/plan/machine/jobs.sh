# ---- jobs ----
#
# Each call from the operator's computer is one job: machine RUN_ID JOB [ARGUMENT]...
# It prints what is to be told, and fails if the job did.

# machine RUN_ID JOB [ARGUMENT]...: one job. It ends if another run of apply.sh
# has brought its own files meanwhile.
machine() {
  STAGE=$(dirname -- "$(readlink -f -- "$0")")
  RUN=/run/stackgen/$STACK
  STATE=/var/lib/stackgen/$STACK
  NETWORK=$STATE/network
  OLD=$RUN/old
  export LC_ALL=C.UTF-8
  if [[ $1 != "$RUN_ID" && $1 != any ]]; then
    echo "another run of apply.sh has taken over $SELF: $RUN_ID" >&2
    exit 1
  fi
  (umask 077 && mkdir -p "$RUN" "$STATE/steps")
  if [[ -d $STAGE/$SELF ]]; then cd "$STAGE/$SELF"; fi
  serve "${@:2}"
}

# serve JOB [ARGUMENT]...: jobs that change something take the lock. The parts of
# a step run under the lock of their step; looking and undoing must not wait.
serve() {
  case $1 in
    part | guard-state | guard-undo | gateways-silent | undo | undo-at-boot | guarded-step) ;;
    *)
      exec 9>"$RUN/lock"
      flock -w 90 9 || { echo 'another job is under way on this machine' >&2 && exit 1; }
      ;;
  esac
  case $1 in
    pending)
      same_stack
      pending
      ;;
    look) look "${@:2}" ;;
    step)
      do_step "$2"
      forget_old "$2"
      record "$2"
      rm -f "$STATE/steps/$2.guarded"
      ;;
    part) part "$2" "$3" ;;
    left)
      forget_things
      left
      ;;
    remove)
      remove_things unit certificate account domain user
      prune_steps plain
      reload_units
      ;;
    let-go) let_go "$2" "$3" ;;
    guard) guard "${@:2}" ;;
    guard-job) guard_job "${@:2}" ;;
    guarded-step)
      OLD=$NETWORK/old
      if [[ $2 == "$REMOVAL" ]]; then remove_guarded; else do_step "$2"; fi
      ;;
    guard-state) guard_state ;;
    guard-confirm) guard_confirm "${@:2}" ;;
    guard-undo) undo_unfinished ;;
    gateways-silent) gateways_silent ;;
    undo) undo "$2" ;;
    undo-at-boot) undo_at_boot ;;
    undo-network) put_network_back_again ;;
  esac
}
