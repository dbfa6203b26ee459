# ---- files that have left the stack ----
#
# left_of STEP prints what the step has once installed and installs no more. prune and
# prune_steps end it: what was there before the first installation comes back, what was
# not goes. Of a file nobody knows it of, it stays. BEFORE keeps what was there, for ever:
# its list has a number and the path of each, or - for what was not there.

note_before() { # TARGET, at its first installation
  local before=$STATE/before name
  (umask 077 && mkdir -p "$before" && touch "$before/list") || return
  if [[ -n $(before_of "$1") ]]; then return; fi
  if cat "$STATE"/steps/*.installed 2>/dev/null | grep -qxF -- "$1"; then return; fi # by whom there was no list yet
  name=-
  if [[ -e $1 || -L $1 ]]; then
    name=$(find "$before" -mindepth 1 -maxdepth 1 | wc -l)
    cp -a -- "$1" "$before/$name" && sync -- "$before/$name" || return
  fi
  printf '%s %s\n' "$name" "$1" >>"$before/list"
}

before_of() { awk -v target="$1" '{ name = $1; sub(/^[^ ]* /, "") } $0 == target { print name }' "$STATE/before/list" 2>/dev/null || true; } # TARGET

left_of() { # STEP
  [[ ! -e $STATE/steps/$1.installed ]] || comm -23 "$STATE/steps/$1.installed" <(
    if declare -F "step_${SELF}_$1" >/dev/null; then installs_of "$1" | cut -d' ' -f4 | sort; fi)
}

# prune STEP [KEPT]: what it ends can come back by put_back KEPT.
prune() {
  local target
  [[ -n $PRUNE ]] || return 0
  while read -r target; do
    keep_old "${2:-$1}" "$target" && end_file "$target" || return
  done < <(left_of "$1")
}

end_file() { # TARGET
  local name kept=$STATE/before
  name=$(before_of "$1")
  case $name in
    '') echo "stays, since nobody knows whether it was there before: $1" && return ;;
    -) remove_file "$1" && echo "removed: $1" || return ;;
    *)
      (enter "$(dirname -- "$1")" && come_back "$kept/$name" "$(basename -- "$1")") || return
      echo "as it was before: $1"
      ;;
  esac
  grep -vxF -- "$name $1" "$kept/list" >"$kept/list.new" || true
  mv "$kept/list.new" "$kept/list"
}

remove_file() ( # TARGET
  [[ -d $(dirname -- "$1") ]] || exit 0
  enter "$(dirname -- "$1")" && as_owner rm -f -- "$(basename -- "$1")"
)

# prune_steps plain|guarded: the files of steps that have left altogether. Those that can
# cut the machine off go under the guard, and are forgotten when that is confirmed.
prune_steps() {
  local step
  for step in $(left_steps "$1"); do
    if [[ $1 == guarded ]]; then
      prune "$step" "$REMOVAL" || return
      continue
    fi
    prune "$step" || { put_back "$step" && false; } || return
    forget_old "$step"
    forget_step "$step"
  done
}

left_steps() { # plain|guarded
  local step
  for step in $(installing_steps); do
    if declare -F "step_${SELF}_$step" >/dev/null; then continue; fi
    if cuts_off "$step"; then [[ $1 == guarded ]] || continue; else [[ $1 == plain ]] || continue; fi
    echo "$step"
  done
}

# cuts_off STEP: it was a guarded one, or has files of the network.
cuts_off() { [[ -e $STATE/steps/$1.guarded ]] || grep -q '^/etc/network/' "$STATE/steps/$1.installed"; }

forget_steps() { # plain|guarded
  local step
  for step in $(left_steps "$1"); do
    forget_step "$step"
  done
}

forget_step() { rm -f "$STATE/steps/$1".{done,installed,guarded}; }

installing_steps() { find "$STATE/steps" -name '*.installed' -printf '%f\n' | sed 's/\.installed$//' | sort; }

# left: what has left the stack: files by step, then the rest.
left() {
  local step
  for step in $(installing_steps); do
    if declare -F "step_${SELF}_$step" >/dev/null || ! cuts_off "$step"; then left_of "$step"; else left_of "$step" | sed 's/^/network /'; fi
  done
  left_things unit certificate account user domain port bridge
}
