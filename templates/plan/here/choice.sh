# ---- the choice of steps ----
#
# choose_steps reads the plan and leaves in STEPS the IDs of the steps that the command
# line means, in order, and in NUMBER, KIND, SUMMARY and KNOWN_MACHINE what the plan
# says, of all steps. A name that means nothing is misused.

# STEPS are the IDs of the chosen steps, in order; the rest is by ID.
STEPS=()
declare -A NUMBER=() KIND=() SUMMARY=() KNOWN_MACHINE=()
TOTAL=0

choose_steps() {
  local machine step kind summary id from_seen=''
  while read -r machine step kind summary; do
    id=$machine/$step
    TOTAL=$((TOTAL + 1))
    NUMBER[$id]=$TOTAL KIND[$id]=$kind SUMMARY[$id]=$summary KNOWN_MACHINE[$machine]=yes
    if is_named "$FROM" "$id"; then from_seen=yes; fi
    if [[ -z $FROM || -n $from_seen ]] && is_wanted "$machine" "$id"; then STEPS+=("$id"); fi
  done < <(plan)
  [[ -z $FROM || -n $from_seen ]] || misused "there is no step $FROM"
  check_choice
}

# is_named WORD ID: whether the user's word means the step.
is_named() { [[ -n $1 && ($1 == "$2" || $1 == "${2#*/}") ]]; }

is_wanted() { # MACHINE ID
  local word found=''
  for word in "${ONLY[@]}"; do
    if is_named "$word" "$2"; then found=yes; fi
  done
  [[ ${#ONLY[@]} == 0 || -n $found ]] || return 1
  [[ ${#HOSTS[@]} == 0 || " ${HOSTS[*]} " == *" $1 "* ]]
}

check_choice() {
  local name id found
  for name in "${ONLY[@]}"; do
    found=''
    for id in "${!NUMBER[@]}"; do
      if is_named "$name" "$id"; then found=yes; fi
    done
    [[ -n $found ]] || misused "there is no step $name"
  done
  for name in "${HOSTS[@]}"; do
    [[ -n ${KNOWN_MACHINE[$name]-} ]] || misused "there is no machine $name"
  done
  ((${#STEPS[@]} > 0)) || misused 'no step is chosen'
}
