# ---- what has left the stack ----
#
# clear_up tells after a run what is on the machines and not in the plan any more; with
# --prune it has it removed. It needs the machines that the run has opened.

# clear_up: what has left the stack stays where it is, unless --prune. It goes
# after all that is new works, and in the reverse order.
clear_up() {
  local i machine lines
  declare -A seen=()
  for ((i = ${#STEPS[@]} - 1; i >= 0; i--)); do
    machine=${STEPS[i]%/*}
    [[ -n ${OPENED[$machine]-} && -z ${seen[$machine]-} ]] || continue
    seen[$machine]=yes
    if [[ -n $PRUNE ]]; then removed "$machine" on_machine "$machine" remove; fi
    lines=$(unlocked on_machine "$machine" left) || die "$machine does not say what has left the stack"
    if [[ -n $PRUNE ]] && grep -qE '^(network|port|bridge) ' <<<"$lines"; then
      removed "$machine" do_guarded "$machine" "$REMOVAL"
      lines=$(unlocked on_machine "$machine" left) || die "$machine does not say what has left the stack"
    fi
    told "$machine: no longer in the stack" "$lines"
  done
}

# removed MACHINE COMMAND...: tells what a command takes away from a machine.
removed() {
  local machine=$1 output
  output=$(unlocked "${@:2}" 2>&1) || { told "$machine" "$output" >&2 && die "not all that has left the stack could be removed from $machine"; }
  told "$machine" "$output"
}
