# ---- changes that can cut the machine off ----
#
# guard SECONDS STEP... arms the undo and returns while the steps are done in the
# background. guard_state prints how far they are, guard_confirm makes the change last,
# and undo TOKEN takes it back unless it was confirmed. The undo is armed twice: by a timer,
# and on the disk by a unit that runs before the network at the next boot, since a machine
# that loses power forgets its timers and keeps its files.

# guard SECONDS STEP...: notes how the network is, arms the undo, and does the
# steps in the background: the connection may break meanwhile.
guard() {
  local seconds=$1 token=$RUN_ID-$RANDOM
  shift
  undo_unfinished # of a run that never came back
  rm -rf "$RUN/guarded"
  cp -a "$STAGE" "$RUN/guarded"
  save_network "$@"
  arm "$seconds" "$token"
  echo running >"$RUN/guard"
  setsid bash "$RUN/guarded/machine.sh" "$RUN_ID" guard-job "$token" "$@" </dev/null >"$RUN/guard.log" 2>&1 9>&- &
}

undo_unfinished() {
  if [[ -e $NETWORK/undoing ]]; then mv "$NETWORK/undoing" "$NETWORK/armed"; fi
  if [[ -e $NETWORK/armed ]]; then undo "$(<"$NETWORK/armed")"; fi
}

# arm SECONDS TOKEN: who moves the file armed away first, undo or confirm, wins.
arm() {
  printf '%s\n' "$2" >"$NETWORK/armed"
  arm_boot
  if [[ -d /run/systemd/system ]]; then
    systemd-run --quiet --collect --on-active="$1" --timer-property=AccuracySec=100ms \
      bash "$RUN/guarded/machine.sh" "$RUN_ID" undo "$2"
  else
    # shellcheck disable=SC2016 # for that shell
    setsid -f bash -c 'sleep "$1"; exec bash "${@:2}"' - "$1" "$RUN/guarded/machine.sh" "$RUN_ID" undo "$2" </dev/null >/dev/null 2>&1 9>&-
  fi
}

# arm_boot: the unit is on the disk, with all that it needs, before anything is changed.
# systemd reads it at the next boot only, and so has nothing to be told.
arm_boot() {
  local unit=/etc/systemd/system/stackgen-undo-$STACK.service
  [[ -d ${unit%/*} ]] || return 0
  cat >"$unit" <<UNIT
[Unit]
Description=Undo of a change of the network that was not confirmed
DefaultDependencies=no
RequiresMountsFor=$NETWORK /etc
After=local-fs.target
Before=sysinit.target network-pre.target systemd-sysctl.service systemd-networkd.service nftables.service
Wants=network-pre.target
ConditionPathExists=|$NETWORK/armed
ConditionPathExists=|$NETWORK/undoing

[Service]
Type=oneshot
ExecStart=/bin/bash $NETWORK/machine.sh any undo-at-boot
UNIT
  mkdir -p "${unit%/*}/sysinit.target.wants"
  ln -sfT "$unit" "${unit%/*}/sysinit.target.wants/${unit##*/}"
  sync -f "$NETWORK" "$unit"
}

disarm_boot() {
  rm -f "/etc/systemd/system/stackgen-undo-$STACK.service" "/etc/systemd/system/sysinit.target.wants/stackgen-undo-$STACK.service"
}

# undo_at_boot puts the files back and the switch's database: all else is made of them
# once this has ended.
undo_at_boot() {
  local step
  mv "$NETWORK/armed" "$NETWORK/undoing" 2>/dev/null || true
  OLD=$NETWORK/old
  while read -r step; do
    put_back "$step"
    rm -f "$STATE/steps/$step.done"
  done <"$NETWORK/steps"
  if [[ -e $NETWORK/ovs.db && -e /etc/openvswitch/conf.db ]]; then
    cat "$NETWORK/ovs.db" >/etc/openvswitch/conf.db
  fi
  finish_undo
  echo 'a change of the network that was not confirmed is undone' >&2
}

finish_undo() {
  disarm_boot
  sync -f "$NETWORK" /etc
  mv "$NETWORK/undoing" "$NETWORK/undone"
}

guard_job() { # TOKEN STEP...
  local token=$1 step lost
  echo "$$" >"$RUN/guard.pid"
  for step in "${@:2}"; do
    if ! bash "$STAGE/machine.sh" "$RUN_ID" guarded-step "$step" 9>&-; then
      rm -f "$RUN/guard.pid"
      undo "$token"
      return
    fi
  done
  lost=$(gateways_lost)
  if [[ -n $lost ]]; then
    echo "the default gateway answered before, and does not any more: ${lost//$'\n'/ and }" >&2
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
  disarm_boot
  sync -f "$NETWORK"
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

# undo TOKEN: puts the network back, unless the change was confirmed. What is not as it was
# is told, and not that all is well.
undo() {
  local step differs
  [[ -e $NETWORK/armed && $(<"$NETWORK/armed") == "$1" ]] || return 0
  mv "$NETWORK/armed" "$NETWORK/undoing" || return 0
  if [[ -e $RUN/guard.pid ]]; then kill -KILL -- "-$(<"$RUN/guard.pid")" || true; fi
  put_network_back
  while read -r step; do
    [[ $step == "$REMOVAL" ]] || run_part "$step" undo || true
  done <"$NETWORK/steps"
  finish_undo
  rm -rf "$RUN/guarded/$SELF"
  differs=$(differences)
  if [[ -z $differs ]]; then
    echo undone >"$RUN/guard"
  else
    printf 'partly undone\n%s\n' "$differs" >"$RUN/guard"
  fi
}

# put_network_back_again is for who takes a change back that was confirmed.
put_network_back_again() {
  local differs
  put_network_back
  differs=$(differences)
  [[ -n $differs ]] || return 0
  printf 'the network is put back, and differs from before:\n%s\n' "$differs"
  return 1
}
