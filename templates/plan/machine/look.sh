# ---- a look at the machine, before anything is done to it ----
#
# look STEP... changes nothing. It prints a line for each thing that it finds: "would" and
# what the steps are about to do, "foreign" and what of the network --replace-network would
# end, "lack" and what somebody has to bring, "stop" and what else is in the way.

look() { # STEP...
  local step missing
  for step; do
    if [[ $step == "$REMOVAL" ]] || ! declare -F "step_${SELF}_$step" >/dev/null; then continue; fi
    look_at_files "$step"
    look_at_network "$step"
    look_at_domains "$step"
    missing=$(run_part "$step" needs 2>&1) || sed '/^failed: /d; s/^/lack /' <<<"$missing"
  done
}

# look_at_files STEP: with a diff, unless the file has secrets in it.
look_at_files() {
  local path owner mode target
  while read -r path owner mode target; do
    if is_as "$path" "$owner" "$mode" "$target"; then continue; fi
    if [[ ! -e $target && ! -L $target ]]; then
      printf 'would make %s\n' "$target"
    elif [[ ! -f $target || -L $target ]]; then
      printf 'would replace %s, which is no file of its own\n' "$target"
    elif cmp -s -- "$path" "$target"; then
      printf 'would change owner and mode of %s: %s\n' "$target" "$(stat -c '%U:%G %a' -- "$target") to $owner $mode"
    else
      printf 'would replace %s%s\n' "$target" "$(was_ours "$target" || echo ', which is not from us')"
      ((8#$mode & 4)) || continue
      diff -U 1 --label "$target, now" --label "$target, then" -- "$target" "$path" | sed -n '1,60p' | sed 's/^/      /' || true
    fi
  done < <(installs_of "$1")
}

was_ours() { cat "$STATE"/steps/*.installed 2>/dev/null | grep -qxF -- "$1"; }

# look_at_network STEP: of one that brings a new /etc/network/interfaces.
look_at_network() {
  local path target
  while read -r path _ _ target; do
    [[ $target == /etc/network/interfaces && -z $REPLACE_NETWORK ]] || continue
    {
      foreign_stanzas "$path"
      foreign_addresses "$path"
      foreign_routes "$path"
      foreign_manager "$path"
    } | sed 's/^/foreign /'
  done < <(installs_of "$1")
}

# speaks_of WORD FILE: the file has the word, or what brings up the switch has it.
speaks_of() { grep -qwF -- "$1" "$2" "$(dirname -- "$2")"/../../ovs/bridges.sh 2>/dev/null; }

# foreign_stanzas FILE: interfaces that are brought up at boot now and with the file are not,
# nor with what it includes. What we wrote ourselves may leave.
foreign_stanzas() {
  local device
  command -v ifquery >/dev/null || return 0
  if was_ours /etc/network/interfaces; then return; fi
  for device in $({ ifquery --list -a && ifquery --list --allow=hotplug; } 2>/dev/null | sort -u); do
    if [[ $device == lo ]] || speaks_of "$device" "$1" || { ifquery --list -a -i "$1" && ifquery --list --allow=hotplug -i "$1"; } 2>/dev/null | grep -qxF -- "$device"; then continue; fi
    printf 'interface %s is brought up at boot and is not in the topology: after the next boot it would be down\n' "$device"
    ifquery "$device" 2>/dev/null | sed 's/^/      /' || true
  done
}

# foreign_addresses FILE: on devices that the topology speaks of, and so takes into its
# hands. Those of other devices stay, and one that we gave ourselves may leave.
foreign_addresses() {
  local device address
  if was_ours /etc/network/interfaces; then return; fi
  while read -r device address _; do
    if speaks_of "$device" "$1" && ! speaks_of "${address%/*}" "$1" && ! by_dhcp "$device" "$1"; then
      printf '%s has the address %s, which is not in the topology and would go\n' "$device" "$address"
    fi
  done < <(addresses)
}

by_dhcp() { grep -qE "^iface $1 inet6? dhcp" "$2"; }

# foreign_routes FILE: a default route by a device that the topology does not speak of is
# replaced by one of the topology's.
foreign_routes() {
  local family route device
  if was_ours /etc/network/interfaces || ! grep -q '^ *gateway ' "$1"; then return; fi
  while read -r family route; do
    device=$(sed -n 's/.* dev \([^ ]*\).*/\1/p' <<<"$route")
    if [[ $route == default* && -n $device ]] && ! speaks_of "$device" "$1"; then
      printf 'the default route is by %s, which is not in the topology: %s\n' "$device" "$route"
    fi
  done < <(routes)
}

# foreign_manager FILE: another program that has a device of the topology in its hands
# would undo what ifup does, or do it again.
foreign_manager() {
  local device index
  for device in $(sed -n 's/^iface \([^ ]*\) .*/\1/p; s/^ *ovs_ports //p; s/^ *bond-slaves //p' "$1" | tr ' ' '\n' | sort -u); do
    [[ $device != lo && -e /sys/class/net/$device/ifindex ]] || continue
    index=$(<"/sys/class/net/$device/ifindex")
    if grep -qs '^NETWORK_FILE=' "/run/systemd/netif/links/$index"; then
      printf '%s is configured by systemd-networkd (%s)%s\n' "$device" "$(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/$index")" \
        "$(compgen -G '/etc/netplan/*.yaml' >/dev/null && echo ', from netplan')"
    elif command -v nmcli >/dev/null && nmcli -t -f DEVICE,STATE device 2>/dev/null | grep -q "^$device:connected"; then
      printf '%s is configured by NetworkManager\n' "$device"
    fi
  done
}

# look_at_domains STEP: a virtual machine of that name that somebody else made.
look_at_domains() {
  local path name uuid other
  command -v virsh >/dev/null || return 0
  for path in $(files_of "$1" | grep '^libvirt/.*\.xml$'); do
    name=$(basename -- "$path" .xml)
    uuid=$(sed -n 's/.*<uuid>\(.*\)<\/uuid>.*/\1/p' "$path")
    other=$(virsh -q domuuid -- "$name" 2>/dev/null || true)
    if [[ -n $other && $other != "$uuid" ]]; then
      printf 'stop there is a virtual machine %s already, with the UUID %s and not %s: rename one of them, or write uuid: in the topology\n' "$name" "$other" "$uuid"
    fi
  done
}
