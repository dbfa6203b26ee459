# ---- folders that are not root's alone ----
#
# enter DIRECTORY goes there such that nobody can have led us elsewhere: step by step
# from the root, where who may rename a folder or a link on the way is root alone. From
# the first folder on that belongs to somebody else, its owner is who has to act (AS):
# as_owner COMMAND... runs a command as him, and as root while there is none. What he
# does to himself there is up to him. A folder that still others can write to is refused.

AS=''

enter() { # DIRECTORY; makes what is missing
  local rest=$1/ name links=0
  AS=''
  cd / || return
  while [[ $rest == */* ]]; do
    name=${rest%%/*} rest=${rest#*/}
    [[ -n $name ]] || continue
    if [[ -L $name ]]; then
      ((++links <= 20)) || { echo "$1: too many links on the way" >&2 && return 1; }
      name=$(readlink -- "$name") || return
      if [[ $name == /* ]]; then cd / || return; fi
      rest=$name/$rest
      continue
    fi
    [[ -e $name ]] || as_owner mkdir -m 755 -- "$name" || return
    cd -P -- "./$name" && is_ours "$1" || return
  done
}

# is_ours DIRECTORY: looks at the folder we are in, on the way to that one.
is_ours() {
  local uid gid mode why=''
  read -r uid gid mode < <(stat -c '%u %g %a' .)
  if ((uid != 0)); then
    if [[ -n $AS && $AS != "$uid" ]]; then why="users $AS and $uid"; else AS=$uid; fi
  elif ((8#$mode & 8#002)) && [[ -z $AS ]]; then
    why=everybody
  elif ((8#$mode & 8#020)) && [[ -z $AS ]] && has_members "$gid"; then
    why="group $gid"
  fi
  [[ -z $why ]] && return
  echo "$1: $why can write to $PWD, and could exchange what is put there; give the folder to root or to one owner" >&2
  return 1
}

# has_members GID: whether others than root are in a group. Who is in that of VyOS is
# an administrator anyway.
has_members() {
  local name others
  (($1 != 0)) || return 1
  IFS=: read -r name _ _ others < <(getent group "$1")
  [[ $name != vyattacfg ]] || return 1
  [[ -n $others ]] || getent passwd | cut -d: -f1,4 | grep -v '^root:' | grep -q ":$1\$"
}

as_owner() {
  local name
  if [[ -z $AS ]]; then "$@" && return || return; fi
  name=$(id -nu "$AS" 2>/dev/null) || { echo "$PWD belongs to user $AS, whom this machine does not know" >&2 && return 1; }
  setpriv --reuid="$AS" --regid="$(id -g "$AS")" --init-groups -- "$@"
}
