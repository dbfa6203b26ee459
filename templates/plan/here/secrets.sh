# ---- secrets: in the memory of this process, and nowhere else here ----
#
# find_secrets leaves the values of all secrets that the chosen machines need in SECRET,
# or ends the run with a list of those that are missing. fill FILE prints a file with
# them in place; mask hides them in a text.

declare -A SECRET=() SOURCE=() HIDDEN=()
ORDERED=() # what is hidden, the longest first

# A variable that the caller has exported stays so whatever is assigned to it, also as a
# local one: what holds a secret for a moment must not be of them.
export -n ENCODED PROBLEM value text rest filled line body secret

# find_secrets looks for the secrets of the chosen machines, and complains about
# all that are missing at once.
find_secrets() {
  local name encoding file problems=''
  while read -r name encoding file; do
    is_machine_chosen "${file%%/*}" || continue
    if [[ -z ${SOURCE[$name]-} ]] && ! find_secret "$name"; then
      problems+="  $name: $PROBLEM"$'\n'
      SOURCE[$name]=none
    elif [[ ${SOURCE[$name]} == none ]]; then
      continue
    elif encode "$encoding" "$name"; then
      hide "${SECRET[$name]}"
      hide "$ENCODED"
    else
      problems+="  $name: $PROBLEM"$'\n'
    fi
  done < <(secrets)
  if [[ $MODE == check-secrets ]]; then check_secrets; fi
  [[ -z $problems ]] || die $'secrets are missing or cannot be used:\n'"${problems%$'\n'}"
}

is_machine_chosen() {
  local id
  for id in "${STEPS[@]}"; do
    [[ ${id%/*} != "$1" ]] || return 0
  done
  return 1
}

# find_secret NAME: the environment first, then a file, then the command.
find_secret() {
  local name=$1 variable file value
  variable=$(variable_of "$name")
  file=${STACKGEN_SECRETS:-}/$name
  if [[ -v $variable ]]; then
    value=${!variable}
    SOURCE[$name]="environment $variable"
  elif [[ -n ${STACKGEN_SECRETS:-} && -e $file ]]; then
    is_private "$file" || return 1
    take cat -- "$file" || { PROBLEM="$file $PROBLEM" && return 1; }
    SOURCE[$name]="file $file"
  elif [[ -n ${STACKGEN_SECRET_COMMAND:-} ]]; then
    take sh -c "$STACKGEN_SECRET_COMMAND"' "$@"' sh "$name" || { PROBLEM="the secret command $PROBLEM" && return 1; }
    SOURCE[$name]='command'
  else
    PROBLEM="set $variable, or STACKGEN_SECRETS or STACKGEN_SECRET_COMMAND"
    return 1
  fi
  [[ -n $value ]] || { PROBLEM="it is empty (${SOURCE[$name]})" && return 1; }
  SECRET[$name]=$value
}

# variable_of NAME: in every locale the same; in Turkish the capital of i is another.
variable_of() {
  local LC_ALL=C variable
  variable=STACKGEN_SECRET_${1^^}
  printf '%s' "${variable//[^A-Z0-9_]/_}"
}

# take COMMAND...: what it prints, but for line breaks at the end, into value. A NUL bash
# would drop in silence, and the value would be another one.
take() {
  if IFS= read -r -d '' value < <("$@" </dev/null); then
    PROBLEM='has a NUL in it, which is no text'
    return 1
  fi
  wait "$!" || { PROBLEM=failed && return 1; }
  while [[ $value == *$'\n' ]]; do
    value=${value%$'\n'}
  done
}

is_private() { # FILE
  local mode
  mode=$(stat -L -c %a -- "$1")
  (((8#$mode & 8#077) == 0)) && return
  PROBLEM="others may read $1 (mode $mode); chmod 600 it"
  return 1
}

# forget_environment keeps the programs started from here from inheriting
# secrets.
forget_environment() {
  local variable
  for variable in "${!STACKGEN_SECRET_@}"; do
    unset "$variable"
  done
}

check_secrets() {
  local name
  while read -r name; do
    [[ ${SOURCE[$name]-none} == none ]] || printf '%-32s %s\n' "$name" "${SOURCE[$name]}"
  done < <(secrets | cut -d' ' -f1 | sort -u)
}

# fill FILE: prints a file of the tree with its secrets in place. It goes over
# the text once: a value that looks like a place holder stays as it is.
fill() {
  local rest filled='' holder
  IFS= read -r -d '' rest <"$1" || true # up to the end: the file has no NUL
  while [[ $rest == *@@secret:* ]]; do
    filled+=${rest%%@@secret:*}
    rest=${rest#*@@secret:}
    holder=${rest%%@@*}
    rest=${rest#*@@}
    encode "${holder%%:*}" "${holder#*:}" || die "$1: ${holder#*:}: $PROBLEM"
    filled+=$ENCODED
  done
  printf '%s' "$filled$rest"
}

# mask: removes all secrets from the text on stdin, as they are and as they stand
# in files. The longest go first: one can be a part of another.
mask() {
  local text secret
  IFS= read -r -d '' text || true
  for secret in "${ORDERED[@]}"; do
    text=${text//"$secret"/"***"}
  done
  printf '%s' "$text"
}

# hide VALUE: keeps a value out of what is shown, and each line of one that has
# several, if it is long enough to mean something.
hide() {
  local line
  hide_text "$1"
  [[ $1 == *$'\n'* ]] || return 0
  while IFS= read -r line; do
    if ((${#line} >= 8)); then hide_text "$line"; fi
  done < <(printf '%s\n' "$1")
}

hide_text() { # TEXT
  local i=${#ORDERED[@]}
  [[ -z ${HIDDEN[$1]-} ]] || return 0
  HIDDEN[$1]=yes
  while ((i > 0)) && ((${#ORDERED[i - 1]} < ${#1})); do
    ORDERED[i]=${ORDERED[i - 1]}
    i=$((i - 1))
  done
  ORDERED[i]=$1
}
