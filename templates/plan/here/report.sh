# ---- what the user sees ----
#
# One line a step on stdout, the same in the log; what went wrong on stderr. No secret
# is shown (mask), whatever a machine prints. die, fail and misused end the run.

# die MESSAGE: ends the run, and the step that is under way with it. A subshell
# leaves that to who started it.
die() {
  if [[ -n $CURRENT && $BASH_SUBSHELL == 0 ]]; then fail "$CURRENT" "$*"; fi
  printf 'apply.sh: %s\n' "$*" >&2
  exit 1
}
CURRENT='' ANNOUNCED=''

misused() {
  printf 'apply.sh: %s (apply.sh --help)\n' "$*" >&2
  exit 64
}

progress() { # ID
  CURRENT=$1 ANNOUNCED=$1
  printf '[%d/%d] %s %s: %s … ' "${NUMBER[$1]}" "$TOTAL" "${1%/*}" "${1#*/}" "${SUMMARY[$1]}"
}

outcome() { # ID WORD
  CURRENT=''
  printf '%s\n' "$2"
  log "$1: $2"
}

keep() { # ID OUTPUT
  [[ -z $2 ]] || log "$1:"$'\n'"$(printf '%s\n' "$2" | mask)"
}

# fail ID OUTPUT: a machine may fail before its step has begun.
fail() {
  [[ $ANNOUNCED == "$1" ]] || progress "$1"
  outcome "$1" FAILED
  keep "$1" "$2"
  printf '%s\n' "$2" | mask | shortened >&2
  printf 'apply.sh: %s failed. Resume: %q --from %s%s\n' "$1" "$0" "$1" "${RESUME[*]:+ ${RESUME[*]}}" >&2
  exit 1
}

# shortened: the end of a text that is longer than anybody reads; the log has it whole.
shortened() {
  awk -v most=100 -v log_file="$LOG" '
    { lines[NR % most] = length($0) > 1000 ? substr($0, 1, 1000) " …" : $0 }
    END {
      if (NR > most) print "… " NR - most " lines before these are in " log_file " …"
      for (i = NR > most ? NR - most + 1 : 1; i <= NR; i++) print lines[i % most]
    }'
}

ask() {
  [[ -z $YES ]] || return 0
  [[ -t 0 ]] || die 'there is no terminal to ask at; use --yes'
  local answer
  read -r -p "$1 [y/N] " answer || true # the end of the input is a no
  [[ $answer == [yY]* ]] || die 'nothing was done'
}

told() { # TEXT LINES: what to say before each
  local line
  while read -r line; do
    if [[ -z $line ]]; then continue; fi
    printf '%s: %s\n' "$1" "$line"
    log "$1: $line"
  done <<<"$2"
}
