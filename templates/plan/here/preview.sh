# ---- what would be done ----
#
# These only print the chosen steps: no machine is contacted and no secret is looked for.

list() {
  local id
  for id in "${STEPS[@]}"; do
    printf '%-32s %s\n' "$id" "${SUMMARY[$id]}"
  done
}

# function_of ID: the function that does a step.
function_of() {
  local machine=${1%/*}
  [[ $machine == - ]] && machine='' || machine+=_
  printf 'step_%s%s' "$machine" "${1#*/}"
}

show_code() {
  local id
  for id in "${STEPS[@]}"; do
    step_line "$id"
    declare -f "$(function_of "$id")"
  done
}

step_line() { printf '[%d/%d] %s: %s\n' "${NUMBER[$1]}" "$TOTAL" "$1" "${SUMMARY[$1]}"; } # ID

# dry_run says in words what each step does, in the order in which it does it.
dry_run() {
  local id
  for id in "${STEPS[@]}"; do
    step_line "$id"
    if [[ ${KIND[$id]} == guarded ]]; then
      echo "  arms an undo: if ${id%/*} is not reached over a new connection within $UNDO_AFTER s, all is put back"
    fi
    say_files "$id"
    "$(function_of "$id")" makes | sed 's/^/  makes, unless it is there: /'
    say_parts "$id"
  done
}

# say_files ID: what it installs, what of it has secrets, and how many files it reads.
say_files() {
  local path owner mode target name encoding count=0
  while read -r path owner mode target; do
    if [[ -z $owner ]]; then count=$((count + 1)) && continue; fi
    echo "  installs $target ($owner, mode $mode)"
  done < <("$(function_of "$1")" files)
  case $count in
    0) ;;
    1) echo "  brings a file of ${1%/*}/ for its commands" ;;
    *) echo "  brings $count files of ${1%/*}/ for its commands" ;;
  esac
  while read -r name encoding path; do
    if [[ $path == "${1%/*}"/* ]] && "$(function_of "$1")" files | cut -d' ' -f1 | grep -qxF -- "${path#*/}"; then
      echo "  needs the secret $name for ${path#*/}"
    fi
  done < <(secrets)
}

# say_parts ID: which of its parts have commands; --show-code prints them.
say_parts() {
  local part
  for part in needs check apply verify confirm undo; do
    has_part "$1" "$part" || continue
    echo "  ${PART_WORDS[$part]}"
  done
}

has_part() { declare -f "$(function_of "$1")" | grep -qxE " *$2\\)"; } # STEP PART

declare -rA PART_WORDS=(
  [needs]='before the first step of all: looks for what somebody has to have put there'
  [check]='asks the program that reads the files whether it accepts them; if not, the ones before come back'
  [apply]='brings it into effect'
  [verify]='looks whether it is in effect'
  [confirm]='makes the change last'
  [undo]='else takes it back'
)
