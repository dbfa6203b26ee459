# ---- answers of machines ----
#
# on MACHINE COMMAND... runs a command as root on a machine, prints what it said and
# returns what it returned. It believes an answer only between two lines with a word that
# nobody can know beforehand, the second with the command's status: a login shell may
# print what it likes, or not understand us. Of more than fits in memory comfortably the
# middle is left out, and nothing that a terminal would obey gets through.

readonly MOST=1048576 LAST=65536 # bytes of an answer: from its beginning, and from its end
FRESH=() MERGED='' ANSWERS=0

on() {
  local machine=$1 file=$WORK/answer.$BASHPID.$((++ANSWERS)) word status
  shift
  word=stackgen-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  { { to_shell "$machine" "$(framed "$word" "$@")" || echo "$?" >"$file.failed"; } 2>&3 | bounded "$file.out"; } 3>&1 >/dev/null | bounded "$file.err" || true
  if between "$word" "$file.out" "$file.status" >"$file.answer"; then
    status=$(<"$file.status")
    clean <"$file.answer"
    clean <"$file.err" >&2
  else
    status=$(cat "$file.failed" 2>/dev/null || echo 1)
    [[ $status == 255 ]] || echo "the login shell of $machine does not do what it is asked; it says:" >&2
    cat "$file.err" "$file.out" | clean >&2
  fi
  rm -f "$file".*
  return "$status"
}

# to_shell MACHINE LINE: has the login shell there do a line. All of them take this one
# for the same: between its quotes are no characters that are special to any of them.
to_shell() {
  local line
  line="sh -c 'eval \"\$(echo $(base64 --wrap=0 <<<"$2") | base64 -d)\"'"
  if [[ $1 == "$LOCAL_MACHINE" ]]; then
    sh -c "$line"
  else
    ssh -F "$WORK/ssh_config" "${FRESH[@]}" -- "$1" "$line"
  fi
}

# framed WORD COMMAND...: the command as root, in lines of sh(1).
framed() {
  local word=$1 text='' argument
  shift
  for argument; do
    text+=" '${argument//\'/\'\\\'\'}'"
  done
  cat <<LINES
printf '\n%s begin\n' $word
if [ "\$(id -u)" = 0 ]; then$text $MERGED; else sudo -n$text $MERGED; fi
printf '\n%s end %d\n' $word \$?
LINES
}

# between WORD FILE STATUS-FILE: what stands between the two lines, without the line
# break that stands before the second.
between() {
  LC_ALL=C awk -v word="$1" -v file="$3" '
    !begun { if ($0 == word " begin") begun = 1; next }
    $1 == word && $2 == "end" && NF == 3 { print $3 >file; ended = 1; exit }
    { printf "%s%s", lines++ ? "\n" : "", $0 }
    END { exit !ended }' "$2"
}

# bounded FILE: what comes in, and of more than fits its beginning and its end, by lines.
bounded() {
  head -c "$MOST" >"$1"
  tail -c "$LAST" >"$1.rest"
  [[ -s $1.rest ]] || return 0
  { sed '$d' "$1" && echo '… here some of the output is left out …' && sed 1d "$1.rest"; } >"$1.parts"
  mv "$1.parts" "$1"
}

# clean: takes the text on stdin and shows what a terminal would do, and what turns the
# direction of writing, instead of having it done. ssh(1) ends its lines with CR LF.
clean() {
  iconv -c -f UTF-8 -t UTF-8 |
    LC_ALL=C sed -e 's/\r$//' -e 's/\xc2[\x80-\x9f]/?/g' -e 's/\xe2\x80[\x8e\x8f\xaa-\xae]/?/g' -e 's/\xe2\x81[\xa6-\xa9]/?/g' -e 's/\x1b/^[/g' -e 's/\r/^M/g' |
    LC_ALL=C tr '\000-\010\013-\037\177' '?'
}

# anew COMMAND...: runs on or on_machine over a connection of its own. Only a new
# connection proves that a machine can still be reached.
anew() {
  local FRESH=(-o ControlMaster=no -o ControlPath=none -o ConnectTimeout=5)
  "$@"
}

# on_machine MACHINE JOB [ARGUMENT]...: runs a job of apply.d/machine.sh. What it says on
# stderr stands where it was said, unless its stdout is for us.
on_machine() {
  local machine=$1 MERGED='2>&1'
  shift
  case $1 in
    pending | left | look | gateways-silent | guard-state) MERGED='' ;;
  esac
  on "$machine" bash "/run/stackgen/$STACK/stage/machine.sh" "$RUN_ID" "$@" </dev/null
}
