# ---- virtual machines that move to another host ----
#
# A virtual machine is never defined on two hosts: both could run, with one address,
# and with one disk where hosts share it. Its own host is asked first; only while it is
# not there yet, which is seldom, the others are.

declare -A DOMAINS=() # of a host that was asked: UUIDs with a space around each, or unknown
declare -A LEAVING=() # before a step: host, name and UUID of each that another host gives up

# look_elsewhere HOST: before anything is done there: not even a disk is made.
look_elsewhere() {
  local step=$1/libvirt host vm others=() arriving=() leaving=''
  [[ -n ${KIND[$step]-} && " ${STEPS[*]} " == *" $step "* ]] && is_pending "$step" || return 0
  mapfile -t others < <(homes | cut -d' ' -f1 | grep -vxF -- "$1" | sort -u)
  ((${#others[@]} > 0)) || return 0
  ask_for_domains "$1"
  mapfile -t arriving < <(arrivals "$1")
  ((${#arriving[@]} > 0)) || return 0
  ask_for_domains "${others[@]}"
  for host in "${others[@]}"; do
    [[ ${DOMAINS[$host]} != unknown ]] || nobody_knows "$host" "${arriving[*]% *}"
    for vm in "${arriving[@]}"; do
      if [[ ${DOMAINS[$host]} == *" ${vm#* } "* ]]; then leaving+="$host $vm"$'\n'; fi
    done
  done
  [[ -n $leaving ]] || return 0
  [[ -n $PRUNE ]] || die "$(still_elsewhere "$1" "${leaving%$'\n'}")"
  LEAVING[$step]=${leaving%$'\n'}
  mapfile -t others < <(cut -d' ' -f1 <<<"${LEAVING[$step]}")
  for host in "${others[@]}"; do
    open_machine "$host"
  done
}

# arrivals HOST: name and UUID of those that it is to have and has not.
arrivals() {
  local host vm uuid
  while read -r host vm uuid; do
    if [[ $host == "$1" && -n $vm && ${DOMAINS[$1]} != *" $uuid "* ]]; then echo "$vm $uuid"; fi
  done < <(homes)
}

# ask_for_domains HOST...: all at once, since one that is down takes its time; those of
# this run have to answer. Without libvirt there are none.
ask_for_domains() {
  local host file
  for host; do
    file=$WORK/$host.domains
    [[ -z ${DOMAINS[$host]-} ]] || continue
    if in_this_run "$host"; then await "$host"; fi
    unlocked on "$host" bash -c '! command -v virsh >/dev/null || virsh -q -c qemu:///system list --all --uuid' \
      </dev/null >"$file.new" 2>/dev/null && mv "$file.new" "$file" &
  done
  wait
  for host; do
    file=$WORK/$host.domains
    if [[ -e $file ]]; then DOMAINS[$host]=" $(tr '\n' ' ' <"$file") "; else DOMAINS[$host]=unknown; fi
  done
}

in_this_run() { [[ " ${STEPS[*]}" == *" $1/"* ]]; } # MACHINE

# nobody_knows HOST VMS: a host that is down cannot keep its machines from being made
# elsewhere, by a run without it.
nobody_knows() {
  local text="does not say which virtual machines it has; these must not be there: $2"
  if in_this_run "$1"; then die "$1 $text"; fi
  printf '\n'
  told "$1" "$text"
  progress "$CURRENT"
}

# still_elsewhere HOST LEAVING: what other hosts have, and how it can come to this one.
still_elsewhere() {
  local host vm uuid
  while read -r host vm uuid; do
    printf '%s is still on %s: %s\n' "$vm" "$host" \
      "$(unlocked on "$host" env LC_ALL=C virsh -q -c qemu:///system domstate "$uuid" </dev/null 2>&1)"
  done <<<"$2"
  cat <<TEXT
On $1 there would be another one with the same address. What is on its disks does not
move by itself: to keep it, let libvirt migrate it (virsh migrate --persistent
--undefinesource), or shut it down and copy its disks to $1. Then, or to begin with new
disks, use --prune: it is shut down and undefined where it is, its disks are kept there,
and then it is made on $1.
TEXT
}

# give_up STEP: right before the step makes them, so that they are away for moments.
give_up() {
  local host vm uuid
  [[ -n ${LEAVING[$1]-} ]] || return 0
  printf '\n'
  while read -r host vm uuid; do
    removed "$host" on_machine "$host" let-go "$vm" "$uuid"
  done <<<"${LEAVING[$1]}"
  progress "$1"
}
