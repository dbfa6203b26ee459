# ---- changes that can cut the machine off ----
#
# guard SECONDS STEP... arms the undo and returns while the steps are done in the
# background. guard_state prints how far they are, guard_confirm makes the change last,
# and undo TOKEN takes it back unless it was confirmed.

# guard SECONDS STEP...: notes how the network is, arms the undo, and does the
# steps in the background: the connection may break meanwhile.
guard() {
  local seconds=$1 token=$RUN_ID-$RANDOM
  shift
  if [[ -e $NETWORK/armed ]]; then undo "$(<"$NETWORK/armed")"; fi # of a run that never came back
  rm -rf "$RUN/guarded"
  cp -a "$STAGE" "$RUN/guarded"
  save_network "$@"
  arm "$seconds" "$token"
  echo running >"$RUN/guard"
  setsid bash "$RUN/guarded/machine.sh" "$RUN_ID" guard-job "$token" "$@" </dev/null >"$RUN/guard.log" 2>&1 9>&- &
}

# arm SECONDS TOKEN: who moves the file armed away first, undo or confirm, wins.
arm() {
  printf '%s\n' "$2" >"$NETWORK/armed"
  if [[ -d /run/systemd/system ]]; then
    systemd-run --quiet --collect --on-active="$1" --timer-property=AccuracySec=100ms \
      bash "$RUN/guarded/machine.sh" "$RUN_ID" undo "$2"
  else
    # shellcheck disable=SC2016 # for that shell
    setsid -f bash -c 'sleep "$1"; exec bash "${@:2}"' - "$1" "$RUN/guarded/machine.sh" "$RUN_ID" undo "$2" </dev/null >/dev/null 2>&1 9>&-
  fi
}

guard_job() { # TOKEN STEP...
  local token=$1 step
  echo "$$" >"$RUN/guard.pid"
  for step in "${@:2}"; do
    if ! bash "$STAGE/machine.sh" "$RUN_ID" guarded-step "$step" 9>&-; then
      rm -f "$RUN/guard.pid"
      undo "$token"
      return
    fi
  done
  if [[ -e $NETWORK/gateway ]] && ! gateway_answers; then
    echo 'the default gateway answered before, and does not any more' >&2
    rm -f "$RUN/guard.pid"
    undo "$token"
    return
  fi
  rm -f "$RUN/guard.pid"
  echo 'done' >"$RUN/guard"
}

guard_state() { cat "$RUN/guard" "$RUN/guard.log"; }

guard_confirm() { # STEP...
  local step
  mv "$NETWORK/armed" "$NETWORK/confirmed" || { echo 'too late: the change is undone' >&2 && return 1; }
  for step; do
    if [[ $step == "$REMOVAL" ]]; then
      forget_steps guarded
      continue
    fi
    run_part "$step" confirm
    record "$step"
    touch "$STATE/steps/$step.guarded"
  done
  rm -rf "$RUN/guarded/$SELF" # it has secrets in it; the timer needs the script alone
}

# undo TOKEN: puts the network back, unless the change was confirmed.
undo() {
  local step
  [[ -e $NETWORK/armed && $(<"$NETWORK/armed") == "$1" ]] || return 0
  mv "$NETWORK/armed" "$NETWORK/undone" || return 0
  if [[ -e $RUN/guard.pid ]]; then kill -KILL -- "-$(<"$RUN/guard.pid")" || true; fi
  put_network_back
  while read -r step; do
    [[ $step == "$REMOVAL" ]] || run_part "$step" undo || true
  done <"$NETWORK/steps"
  rm -rf "$RUN/guarded/$SELF"
  echo undone >"$RUN/guard"
}
