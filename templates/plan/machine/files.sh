# ---- files ----
#
# install_files STEP puts the files of a step in place and keeps what was there before
# in OLD, until forget_old; put_back brings that back. left_of STEP prints what the step
# has once installed and installs no more.

install_files() { # STEP
  local path owner mode target
  while read -r path owner mode target; do
    keep_old "$1" "$target" && put "$path" "$owner" "$mode" "$target" || return 1
  done < <(installs_of "$1")
}

# put PATH OWNER MODE TARGET: the new file takes the place of the old one in one
# move, or not at all. The dot keeps it out of what daemons include.
put() {
  local dir new
  if cmp -s -- "$1" "$4" && [[ $(stat -c '%U:%G %a' -- "$4") == "$2 $3" ]]; then return; fi
  dir=$(dirname -- "$4")
  mkdir -p -- "$dir" && rm -f -- "$dir"/.stackgen.?????? || return
  new=$(mktemp -- "$dir/.stackgen.XXXXXX") || return
  cat -- "$1" >"$new" && chown -- "$2" "$new" && chmod -- "$3" "$new" && sync -- "$new" && mv -fT -- "$new" "$4" && return
  rm -f -- "$new"
  return 1
}

# keep_old STEP TARGET: until the step's check has passed. Copies are in memory
# (/run), except those of the network, which has no secrets.
keep_old() {
  local kept=$OLD/$1 name
  (umask 077 && mkdir -p "$kept" && touch "$kept/list") || return
  if [[ ! -e $2 && ! -L $2 ]]; then
    printf -- '- %s\n' "$2" >>"$kept/list"
    return
  fi
  name=$(wc -l <"$kept/list")
  cp -a -- "$2" "$kept/$name" && printf '%s %s\n' "$name" "$2" >>"$kept/list"
}

put_back() { # STEP
  local name target new
  [[ -e $OLD/$1/list ]] || return 0
  while read -r name target; do
    rm -f -- "$(dirname -- "$target")"/.stackgen.??????
    if [[ $name == - ]]; then
      rm -f -- "$target"
    else
      new=$(mktemp -u -- "$(dirname -- "$target")/.stackgen.XXXXXX")
      cp -a -- "$OLD/$1/$name" "$new" && mv -fT -- "$new" "$target"
    fi
  done <"$OLD/$1/list"
  forget_old "$1"
}

forget_old() { rm -rf "${OLD:?}/$1"; }

# left_of STEP: what it once installed and does so no more.
left_of() {
  [[ ! -e $STATE/steps/$1.installed ]] || comm -23 "$STATE/steps/$1.installed" <(
    if declare -F "step_${SELF}_$1" >/dev/null; then installs_of "$1" | cut -d' ' -f4 | sort; fi)
}

prune() { # STEP
  local target
  [[ -n $PRUNE ]] || return 0
  while read -r target; do
    keep_old "$1" "$target"
    rm -f -- "$target"
    echo "removed: $target"
  done < <(left_of "$1")
  rm -f "$STATE/steps/$1.installed"
}

# prune_steps: the files of steps that have left altogether.
prune_steps() {
  local step
  for step in $(installing_steps); do
    if declare -F "step_${SELF}_$step" >/dev/null; then continue; fi
    prune "$step"
    forget_old "$step"
    rm -f "$STATE/steps/$step.done"
  done
}

installing_steps() { find "$STATE/steps" -name '*.installed' -printf '%f\n' | sed 's/\.installed$//' | sort; }

# left: what has left the stack: files by step, then the rest.
left() {
  local step
  for step in $(installing_steps); do
    left_of "$step"
  done
  left_things account domain port bridge
}
