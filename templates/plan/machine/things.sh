# ---- what has left the stack, besides files ----
#
# A thing is what a step makes on the machine: a domain, a bridge, a port of one,
# an account of a database. One that was there before us is not ours, and only
# what is ours is ever removed. Disks and databases are no such things.

# is_there KIND WORD...: yes, no, or unknown if nobody answers.
is_there() {
  local bridge
  case $1 in
    domain) lists "$3" virsh -q -c qemu:///system list --all --uuid ;;
    port) # on this bridge: it may have moved to another
      bridge=$(is_there bridge "$2")
      if [[ $bridge == yes ]]; then lists "$3" ovs-vsctl --timeout=10 list-ports "$2"; else echo "$bridge"; fi
      ;;
    unit) unit_is_there "$2" ;;
    certificate) if [[ -e /etc/ssl/stackgen/$2 ]]; then echo yes; else echo no; fi ;;
    user) if getent passwd "$2" >/dev/null; then echo yes; else echo no; fi ;;
    bridge) lists "$2" ovs-vsctl --timeout=10 list-br ;;
    account) lists "$3"$'\t'"$4" "$2" --batch --skip-column-names -e 'SELECT User, Host FROM mysql.user' ;;
  esac
}

# unit_is_there UNIT: it runs, or would after the next boot.
unit_is_there() {
  if [[ ! -d /run/systemd/system ]]; then
    echo unknown
  elif systemctl --quiet is-active "$1"; then
    echo yes
  elif [[ $(systemctl is-enabled "$1" 2>/dev/null) == generated ]]; then
    echo no # its file says whether it starts: who makes that is who owns it
  elif systemctl --quiet is-enabled "$1" 2>/dev/null; then
    echo yes
  else
    echo no
  fi
}

lists() { # LINE COMMAND...
  local lines
  lines=$("${@:2}" </dev/null 2>/dev/null) || { echo unknown && return; }
  if grep -qxF -- "$1" <<<"$lines"; then echo yes; else echo no; fi
}

# note_things STEP: what is not there before the step makes it is ours from now
# on. It is noted first: a run that is killed must not leave what nobody owns.
note_things() {
  local line
  while read -r line; do
    if grep -qxF -- "$line" "$STATE/things" 2>/dev/null; then continue; fi
    # shellcheck disable=SC2086 # words
    if [[ $(is_there $line) == no ]]; then
      printf '%s\n' "$line" >>"$STATE/things"
    else
      echo "not ours, and so never removed: $line"
    fi
  done < <(made_by "$1")
}

# made_by STEP: packages start their services: before they come, a unit is not there.
made_by() {
  if [[ $1 == packages ]]; then wanted_things | grep '^unit ' | sort -u || true; fi
  "step_${SELF}_$1" makes
}

# left_things KIND...: those of ours that no step makes any more, in the order of
# their kinds.
left_things() {
  local kind
  [[ -e $STATE/things ]] || return 0
  for kind; do
    grep "^$kind " "$STATE/things" || true
  done | grep -vxFf <(wanted_things) || true
}

wanted_things() {
  local function
  for function in $(compgen -A function "step_${SELF}_"); do
    "$function" makes
  done
}

# remove_things KIND...: when all that is new is in place. It ends at the first
# that cannot be removed.
remove_things() {
  local line lines
  mapfile -t lines < <(left_things "$@")
  if ((${#lines[@]} == 0)); then return; fi
  if [[ -n $(pending) ]]; then
    echo 'nothing was removed: steps of this machine are still to do' >&2
    return 1
  fi
  for line in "${lines[@]}"; do
    # shellcheck disable=SC2086 # words
    case $(is_there $line) in
      yes)
        remove_${line}
        printf 'removed: %s\n' "$line"
        ;;
      unknown)
        printf 'not removed, since nobody can tell whether it is still there: %s\n' "$line" >&2
        return 1
        ;;
    esac
  done
}

# forget_things: what is gone is not ours any more.
forget_things() {
  local line kept=$STATE/things.new
  [[ -e $STATE/things ]] || return 0
  cp "$STATE/things" "$kept"
  while read -r line; do
    # shellcheck disable=SC2086 # words
    if [[ $(is_there $line) == no ]]; then
      grep -vxF -- "$line" "$kept" >"$kept.1" || true
      mv "$kept.1" "$kept"
    fi
  done < <(left_things unit certificate account user domain port bridge)
  mv "$kept" "$STATE/things"
}

# remove_guarded: what can cut the machine off.
remove_guarded() {
  remove_things port bridge
  prune_steps guarded
}

# remove_unit UNIT: its files go later, so that it can be stopped by them.
remove_unit() {
  systemctl stop "$1"
  if [[ $(systemctl is-enabled "$1" 2>/dev/null) != generated ]]; then systemctl --quiet disable "$1"; fi
  if systemctl --quiet is-active "$1"; then echo "$1 is still active" >&2 && return 1; fi
}

# remove_user NAME: nobody comes in with it from here on. Its home stays.
remove_user() {
  usermod --lock --expiredate 1 "$1"
  loginctl terminate-user "$1" 2>/dev/null || true
  userdel "$1" || { echo "$1 is locked, and stays while its processes run" >&2 && return 1; }
}

# remove_certificate NAME: it is renewed no more, and its key is gone.
remove_certificate() {
  if [[ -e /etc/letsencrypt/renewal/$1.conf ]]; then certbot delete --non-interactive --cert-name "$1"; fi
  rm -rf "/etc/ssl/stackgen/$1" "/etc/ssl/stackgen/.$1".??????
}

remove_account() { # CLIENT USER HOST
  "$1" -e "DROP USER '$2'@'$3'" </dev/null
}

# let_go NAME UUID: a domain of ours moves to another host, which has to wait for it.
let_go() {
  if ! grep -qxF -- "domain $*" "$STATE/things" 2>/dev/null; then
    echo "$1 is not ours, and so stays; shut it down, and then: virsh undefine --keep-nvram $1" >&2
    return 1
  fi
  remove_domain "$@"
  forget_things
  printf 'removed: domain %s\n' "$*"
}

# remove_domain NAME UUID: asks the guest to shut down, and waits. Nobody pulls
# its plug. Undefining a domain leaves its disks and its firmware's variables.
remove_domain() {
  local deadline=$((SECONDS + SHUTDOWN)) virsh=(virsh -q -c qemu:///system)
  if [[ $("${virsh[@]}" domstate "$2") == running ]]; then "${virsh[@]}" shutdown "$2" >/dev/null; fi
  until [[ $("${virsh[@]}" domstate "$2") == @('shut off'|crashed) ]]; do
    if ((SECONDS >= deadline)); then
      echo "$1 is $("${virsh[@]}" domstate "$2") after $SHUTDOWN seconds, and stays; if it may be switched off: virsh destroy $1" >&2
      return 1
    fi
    sleep 1
  done
  "${virsh[@]}" domblklist --details "$2" | awk -v name="$1" '$2 == "disk" { print name ": its disk stays: " $4 }'
  "${virsh[@]}" undefine --keep-nvram "$2"
}

remove_port() { ovs-vsctl --timeout=10 del-port "$1" "$2"; } # BRIDGE PORT

# remove_bridge BRIDGE: only an empty one: who else is on it would be cut off.
remove_bridge() {
  local ports
  ports=$(ovs-vsctl --timeout=10 list-ports "$1")
  if [[ -n $ports ]]; then
    echo "bridge $1 has ports that are not ours, and stays: ${ports//$'\n'/ }" >&2
    return 1
  fi
  ovs-vsctl --timeout=10 del-br "$1"
  # ifup(8) would take it for one that is up if it came back.
  if [[ -e /run/network/ifstate ]]; then sed -i "/^$1=/d" /run/network/ifstate; fi
  rm -f "/run/network/ifstate.$1"
}
