# ---- services that a topology describes itself ----
#
# take_up brings new files into the service that reads them, with no more than they
# need, and puts the old ones back if it does not run with them. accepts_unit,
# accepts_quadlet, owns_unit, can_reload and try_as are checks before that; steady and
# answers see the effect.

reload_units() { if [[ -d /run/systemd/system ]]; then systemctl daemon-reload; fi; }

unit_is() { systemctl show --property "$2" --value "$1"; } # UNIT PROPERTY

# accepts_unit UNIT: systemd-analyze succeeds on many mistakes, and says a line; it also
# speaks of other units that this one needs.
accepts_unit() {
  local output rc=0
  output=$(systemd-analyze verify --man=no "$1" 2>&1) || rc=$?
  output=$(grep -F -- "$1" <<<"$output" || true)
  if ((rc == 0)) && [[ -z $output ]]; then return; fi
  printf '%s\n' "${output:-systemd-analyze verify refuses $1}" >&2
  return 1
}

# owns_unit UNIT: a unit in /etc would hide one of that name that a package brings.
owns_unit() {
  local dir
  for dir in /lib/systemd/system /usr/lib/systemd/system; do
    if [[ -e $dir/$1 ]]; then
      echo "a package has a unit $1 of its own: give the service another name, or write unit: '$1'" >&2
      return 1
    fi
  done
}

accepts_quadlet() { # NAME
  local output
  if ! output=$(/usr/lib/systemd/system-generators/podman-system-generator --dryrun 2>&1); then
    grep -F -- "$1.container" <<<"$output" >&2 || printf '%s\n' "$output" >&2
    return 1
  fi
}

can_reload() { # UNIT
  [[ $(unit_is "$1" CanReload) == yes ]] && return
  echo "$1 has no reload: write reload, or onChange: 'restart'" >&2
  return 1
}

# try_as UNIT -- COMMAND...: runs it by the account of a service, with its environment
# and its credentials, as the files on the disk say.
try_as() {
  local line properties=() known='^(User|Group|Environment|EnvironmentFile|LoadCredential|StateDirectory|WorkingDirectory)='
  reload_units
  while read -r line; do
    if [[ $line =~ $known ]]; then properties+=(--property="$line"); fi
  done < <(systemctl cat -- "$1" | unit_lines)
  systemd-run --quiet --wait --pipe --collect --service-type=exec "${properties[@]}" -- "${@:3}"
}

# unit_lines leaves the settings of a unit as systemd-run takes them.
unit_lines() { sed -n 's/^\([A-Za-z]*=.\)/\1/p' | sed 's#=%S/#=/var/lib/#; s/%%/%/g'; }

# readings STEP: the files that it installs, and what is in them. The key is this
# machine's own, as in digest.
readings() {
  local owner mode target
  while read -r _ owner mode target; do
    printf '%s %s\n' "$target" "$({ cat "$STATE/key" && printf '%s\n' "$owner $mode" && cat -- "$target"; } | sha256sum | cut -d' ' -f1)"
  done < <(installs_of "$1") | sort
}

# need_of STEP [NEED TARGET]...: what a service needs to read what has changed since it
# was last brought up: restart, reload or nothing. A file that is not named needs a restart.
need_of() {
  local step=$1 need=nothing target
  local -A less=()
  shift
  while (($# > 0)); do
    less[$2]=$1
    shift 2
  done
  while read -r target; do
    case ${less[$target]:-restart} in
      restart) need=restart ;;
      reload) if [[ $need != restart ]]; then need=reload; fi ;;
    esac
  done < <(comm -3 <(cat "$STATE/steps/$step.read" 2>/dev/null) <(readings "$step") | awk '{ print $1 }' | sort -u)
  echo "$need"
}

# take_up STEP UNIT [NEED TARGET]...
take_up() {
  local step=$1 unit=$2 need was
  need=$(need_of "$step" "${@:3}")
  was=$(unit_is "$unit" ActiveState)
  if [[ $was != active ]]; then need=restart; fi
  reload_units
  if [[ $need == nothing ]] || { renew "$need" "$unit" && verify "$step"; }; then
    if [[ $(unit_is "$unit" UnitFileState) == disabled ]]; then systemctl --quiet enable "$unit"; fi
    (umask 077 && readings "$step" >"$STATE/steps/$step.read")
    return
  fi
  systemctl --no-pager --lines=0 status "$unit" >&2 || true
  if [[ $was != active ]]; then systemctl stop "$unit" || true; fi
  put_back "$step"
  reload_units
  if [[ $was == active ]]; then
    renew "$need" "$unit" || renew restart "$unit" || true
  fi
  echo "$unit does not run with the new files; the ones before are back (journalctl -u $unit says more)" >&2
  return 1
}

renew() { # NEED UNIT
  systemctl reset-failed "$2" 2>/dev/null || true
  systemctl "$1" "$2"
}

# steady UNIT: it runs, and has not been started again meanwhile.
steady() {
  local starts
  starts=$(unit_is "$1" NRestarts)
  sleep 1
  [[ $(unit_is "$1" ActiveState) == active && $(unit_is "$1" NRestarts) == "$starts" ]] && return
  echo "$1 is $(unit_is "$1" ActiveState), and has been started again $(unit_is "$1" NRestarts) times" >&2
  return 1
}

# ASK is a request by HTTP, of which the status is printed.
# shellcheck disable=SC2016 # for another bash
ASK='exec 3<>"/dev/tcp/$1/$2"
printf "GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n" "$3" >&3
read -r _ status _ <&3
printf "%s" "${status:0:3}"'

# answers ADDRESS PORT PATH STATUS: by HTTP.
answers() {
  local status=''
  status=$(timeout 5 bash -c "$ASK" ask "$1" "$2" "$3" 2>/dev/null) || true
  [[ $status == "$4" ]] && return
  echo "port $2 answers ${status:-nothing} to $3, not $4" >&2
  return 1
}
