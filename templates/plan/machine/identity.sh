# ---- which stack this machine belongs to ----
#
# Two stacks may have one name, and each would take what the other has made for what has
# left it. same_stack fails if another one is at home here. It is told by its domain and
# its other machines: of two that are one, some stay while others come and go.

same_stack() {
  local known=$STATE/stack domain machines
  # shellcheck disable=SC2153 # they come with the plan
  if [[ -e $known && -z $SAME_STACK ]]; then
    read -r domain machines <"$known"
    if [[ $domain != "$DOMAIN" ]] || are_strangers "$machines" "$MACHINES"; then
      echo "$SELF belongs to another stack $STACK: domain $domain, machines $machines. Give this one another name; if it is the same, changed so much, use --same-stack" >&2
      return 1
    fi
  fi
  (umask 077 && printf '%s %s\n' "$DOMAIN" "$MACHINES" >"$known.new") && mv "$known.new" "$known"
}

# are_strangers MACHINES MACHINES: both have others than this one, and none in common.
are_strangers() {
  local machine others=''
  for machine in $1; do
    [[ $machine != "$SELF" ]] || continue
    others=yes
    if [[ " $2 " == *" $machine "* ]]; then return 1; fi
  done
  [[ -n $others && $2 != "$SELF" ]]
}
