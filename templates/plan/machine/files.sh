# ---- files ----
#
# install_files STEP puts the files of a step in place and keeps what was there before
# in OLD, until forget_old; put_back brings that back, and returns 0 only if it is back.

install_files() { # STEP
  local path owner mode target
  while read -r path owner mode target; do
    if is_as "$path" "$owner" "$mode" "$target"; then continue; fi
    note_before "$target" && keep_old "$1" "$target" && put "$path" "$owner" "$mode" "$target" || return 1
  done < <(installs_of "$1")
}

# put PATH OWNER MODE TARGET: the new file takes the place of the old one in one
# move, or not at all.
put() (
  exec 4<"$1" || exit
  enter "$(dirname -- "$4")" || exit
  if [[ -n $AS && $AS != "$(id -u "${2%%:*}")" ]]; then
    echo "$4: $PWD belongs to $(id -nu "$AS"), who could exchange a file of ${2%%:*} there; give him the file, or the folder to root" >&2
    exit 1
  fi
  put_here /dev/fd/4 "$2" "$3" "$(basename -- "$4")"
)

# put_here FILE OWNER MODE NAME: into the folder we are in.
put_here() {
  local lines
  lines="set -uC; $(declare -f place)"'; place "$@"'
  as_owner bash -c "$lines" - "${@:2}" <"$1"
}

is_as() { # PATH OWNER MODE TARGET
  [[ -f $4 && ! -L $4 ]] && cmp -s -- "$1" "$4" && [[ $(stat -c '%U:%G %a' -- "$4") == "$2 $3" ]]
}

# place OWNER MODE NAME: what is on stdin becomes a file of the folder we are in. It is
# made by this process or not at all (set -C), and owner and mode are given to what is
# open. The dot keeps it out of what daemons include.
place() {
  local new
  rm -f -- .stackgen.??????
  new=$(mktemp -u .stackgen.XXXXXX) && umask 077 && exec 3>"$new" || return
  cat >&3 && chown -- "$1" /dev/fd/3 && chmod -- "$2" /dev/fd/3 && sync -- "$new" && mv -fT -- "$new" "$3" && return
  rm -f -- "$new"
  return 1
}

# keep_old STEP TARGET: until the step's check has passed. Copies are in memory
# (/run), except those of the network, which has no secrets. In a folder of root's the
# old file keeps a second name besides, by which it can come back to a full disk.
keep_old() (
  kept=$OLD/$1
  umask 077
  mkdir -p "$kept" && touch "$kept/list" || exit
  if [[ ! -e $2 && ! -L $2 ]]; then
    printf -- '- %s\n' "$2" >>"$kept/list"
    lasting "$kept"
    exit
  fi
  name=$(wc -l <"$kept/list")
  cp -a -- "$2" "$kept/$name" && printf '%s %s\n' "$name" "$2" >>"$kept/list" && lasting "$kept" || exit
  if enter "$(dirname -- "$2")" 2>/dev/null && [[ -z $AS ]]; then
    ln -fT -- "$(basename -- "$2")" ".stackgen-old-$1-$name" 2>/dev/null || true
  fi
)

# lasting FOLDER: what is kept of the network may be needed after a power cut.
lasting() { [[ $OLD == "$RUN/old" ]] || sync -f "$1"; }

# put_back STEP: what cannot be put back stays where it was kept, and is told.
put_back() {
  local name target failed=''
  [[ -e $OLD/$1/list ]] || return 0
  while read -r name target; do
    restore "$1" "$name" "$target" || { failed=yes && echo "$target is not back as it was" >&2; }
  done <"$OLD/$1/list"
  if [[ -n $failed ]]; then
    echo "what was there before is in $OLD/$1; the next run tries again" >&2
    return 1
  fi
  forget_old "$1"
}

# restore STEP NAME TARGET: looks at what it did.
restore() (
  if [[ $2 == - && ! -e $3 && ! -L $3 ]]; then exit; fi
  file=$(basename -- "$3") kept=$OLD/$1/$2 second=.stackgen-old-$1-$2
  enter "$(dirname -- "$3")" || exit
  as_owner rm -f -- .stackgen.??????
  if [[ $2 == - ]]; then
    as_owner rm -f -- "$file" && [[ ! -e $file && ! -L $file ]]
  elif same "$kept" "$file"; then
    as_owner rm -f -- "$second"
  elif [[ -z $AS && (-e $second || -L $second) ]] && same "$kept" "$second"; then
    mv -fT -- "$second" "$file"
  else
    come_back "$kept" "$file"
  fi
)

# come_back KEPT FILE: in the folder we are in; in somebody's, as him.
come_back() {
  local new
  if [[ -n $AS ]]; then give_back "$1" "$2" && return || return; fi
  new=$(mktemp -u .stackgen.XXXXXX)
  cp -a -- "$1" "$new" && same "$1" "$new" && sync -- "$new" && mv -fT -- "$new" "$2" && return
  rm -rf -- "$new"
  return 1
}

give_back() { # KEPT FILE
  local owner mode
  if [[ -L $1 ]]; then
    as_owner ln -sfT -- "$(readlink -- "$1")" "$2" && return || return
  fi
  read -r owner mode < <(stat -c '%u:%g %a' -- "$1")
  put_here "$1" "$owner" "$mode" "$2" && same "$1" "$2"
}

# same FILE FILE: content, owner, mode; of links, where they lead.
same() {
  [[ $(stat -c '%F %u:%g %a' -- "$1") == "$(stat -c '%F %u:%g %a' -- "$2" 2>/dev/null)" ]] || return 1
  if [[ -L $1 ]]; then [[ $(readlink -- "$1") == "$(readlink -- "$2")" ]]; else [[ ! -f $1 ]] || cmp -s -- "$1" "$2"; fi
}

# forget_old STEP: the step has the new files for good, or the old ones again.
forget_old() {
  local name target
  while read -r name target; do
    [[ $name == - ]] || (enter "$(dirname -- "$target")" 2>/dev/null && [[ -z $AS ]] && rm -f -- ".stackgen-old-$1-$name") || true
  done < <(cat "$OLD/$1/list" 2>/dev/null)
  rm -rf "${OLD:?}/$1"
}
