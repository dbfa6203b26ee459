# ---- steps ----
#
# pending prints the steps that are to do; do_step STEP does one, and record STEP notes
# that it is done. Whatever ends do_step, the next run does it again until it is noted.

# files_of STEP: the files that belong to it, by their path in the tree.
files_of() { "step_${SELF}_$1" files | cut -d' ' -f1; }

# installs_of STEP: path, owner, mode and target of each file it installs.
installs_of() { "step_${SELF}_$1" files | awk 'NF == 4'; }

# digest STEP: of its text and its files, secrets filled in. The key is this
# machine's own: from a digest nobody can guess a secret.
digest() {
  [[ -e $STATE/key ]] || (umask 077 && head -c 32 /dev/urandom >"$STATE/key")
  {
    cat "$STATE/key"
    declare -f "step_${SELF}_$1"
    files_of "$1" | xargs -r -d '\n' sha256sum --
  } | sha256sum | cut -d' ' -f1
}

# unchanged STEP: it has succeeded with just this, and its files are in place.
unchanged() {
  [[ -e $STATE/steps/$1.done && $(<"$STATE/steps/$1.done") == "$(digest "$1")" ]] &&
    in_place "$1" && [[ -z $PRUNE || -z $(left_of "$1") ]]
}

in_place() {
  local path owner mode target
  while read -r path owner mode target; do
    is_as "$path" "$owner" "$mode" "$target" || return 1
  done < <(installs_of "$1")
}

# pending: the steps of this machine that are still to do.
pending() {
  local step
  for step in $(compgen -A function "step_${SELF}_"); do
    step=${step#"step_${SELF}_"}
    unchanged "$step" || printf '%s\n' "$step"
  done
}

# do_step STEP: whatever happens to it, the next run does it again, until it is
# recorded.
do_step() {
  local step=$1
  rm -f "$STATE/steps/$step.done"
  put_back "$step" || return # a run that was killed may have left half of its files
  if ! { install_files "$step" && prune "$step"; }; then
    take_back "$step" 'not all files could be installed'
    return 1
  fi
  if ! run_part "$step" check; then
    take_back "$step" 'the new files are refused'
    return 1
  fi
  note_things "$step"
  run_part "$step" apply
  verify "$step"
}

take_back() { # STEP WHY
  if put_back "$1"; then echo "$2; the ones before are back" >&2; else echo "$2, and not all of the ones before are back" >&2; fi
}

# run_part STEP PART: as a process of its own, which stops at the first line that
# fails. No daemon that it starts shall keep the lock.
run_part() { bash "$STAGE/machine.sh" "$RUN_ID" part "$1" "$2" </dev/null 9>&-; }

part() {
  trap 'printf "failed: %s\n" "$BASH_COMMAND" >&2' ERR
  set -E
  "step_${SELF}_$1" "$2"
}

# verify STEP: a daemon may need a moment.
verify() {
  local output
  for _ in {1..20}; do
    output=$(run_part "$1" verify 2>&1) && return
    sleep 0.5
  done
  printf 'not in effect:\n%s\n' "$output" >&2
  return 1
}

# record STEP: it is done.
record() {
  local before=$STATE/steps/$1.installed
  (umask 077 && digest "$1" >"$STATE/steps/$1.new")
  if [[ -n $PRUNE ]]; then before=/dev/null; fi # what has left is gone
  { cat "$before" 2>/dev/null || true; installs_of "$1" | cut -d' ' -f4; } |
    sort -u >"$STATE/steps/$1.installed.new"
  mv -f "$STATE/steps/$1.installed.new" "$STATE/steps/$1.installed"
  mv -f "$STATE/steps/$1.new" "$STATE/steps/$1.done"
}
