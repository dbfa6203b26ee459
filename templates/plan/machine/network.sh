# ---- the network of a Debian machine, as the kernel and Open vSwitch have it ----
#
# save_network STEP... keeps it in NETWORK, with what steps are about to change it;
# put_network_back makes it so again.

save_network() { # STEP...
  local new=$NETWORK.new
  rm -rf "$new"
  (umask 077 && mkdir -p "$new")
  printf '%s\n' "$@" >"$new/steps"
  cp "$STAGE/machine.sh" "$new/machine.sh"
  addresses >"$new/addresses"
  routes >"$new/routes"
  ip -o link show up | awk -F': ' '{ sub(/@.*/, "", $2); print $2 }' >"$new/up"
  if [[ -d /run/network ]]; then cp -a /run/network "$new/ifupdown"; fi
  if ovs-vsctl --timeout=5 list-br >/dev/null 2>&1; then ovsdb-client --timeout=5 backup >"$new/ovs.db"; fi
  if command -v nft >/dev/null; then nft --stateless list ruleset >"$new/ruleset"; fi
  if gateway_answers; then touch "$new/gateway"; fi
  rm -rf "$NETWORK"
  mv "$new" "$NETWORK"
}

# put_network_back goes on whatever fails: half a network is better than none.
put_network_back() {
  local step
  set +e
  OLD=$NETWORK/old
  while read -r step; do
    put_back "$step"
    rm -f "$STATE/steps/$step.done"
  done <"$NETWORK/steps"
  put_bridges_back
  put_addresses_back
  put_routes_back
  put_ruleset_back
  if [[ -d $NETWORK/ifupdown ]]; then
    rm -f /run/network/ifstate*
    cp -a "$NETWORK"/ifupdown/. /run/network/
  fi
  set -e
}

# addresses: device, address and what ip(8) needs to add it again. Tunnels are
# left to those who made them.
addresses() {
  ip -o address show scope global | awk '$5 != "peer" { print $2, $4, ($5 == "brd" ? "broadcast " $6 : "") }'
}

# routes: those that the kernel does not make by itself.
routes() {
  local family
  for family in -4 -6; do
    ip "$family" route show | grep -v -e 'proto kernel' -e 'proto ra' |
      sed -e 's/ \(linkdown\|dead\)//g' -e "s/^/$family /" || true
  done
}

# put_bridges_back: ports that came later, of guests, stay on their bridges.
put_bridges_back() {
  local bridge port tag later
  [[ -e $NETWORK/ovs.db ]] || return 0
  later=$(ports)
  ovsdb-client --timeout=10 restore <"$NETWORK/ovs.db"
  ovs-vsctl --timeout=10 list-br >/dev/null
  while read -r bridge port tag; do
    if [[ -e /sys/class/net/$port ]] && ovs-vsctl br-exists "$bridge" && ! ovs-vsctl port-to-br "$port" >/dev/null; then
      ovs-vsctl --timeout=10 add-port "$bridge" "$port" "tag=$tag"
    fi
  done <<<"$later"
}

# ports: bridge, port and tag.
ports() {
  local bridge port
  for bridge in $(ovs-vsctl list-br); do
    for port in $(ovs-vsctl list-ports "$bridge"); do
      printf '%s %s %s\n' "$bridge" "$port" "$(ovs-vsctl get port "$port" tag)"
    done
  done
}

put_addresses_back() {
  local device now=$NETWORK/addresses.now address words
  addresses >"$now"
  cut -d' ' -f1 "$NETWORK/addresses" "$now" | sort -u | while read -r device; do
    [[ -e /sys/class/net/$device ]] || continue
    if grep -qxF "$device" "$NETWORK/up"; then ip link set "$device" up; fi
    cmp -s <(grep "^$device " "$NETWORK/addresses") <(grep "^$device " "$now") && continue
    ip address flush dev "$device" scope global
    while read -r _ address words; do
      # shellcheck disable=SC2086 # words
      ip address add "$address" $words dev "$device"
    done < <(grep "^$device " "$NETWORK/addresses")
  done
}

put_routes_back() {
  local family route
  while read -r family route; do
    # shellcheck disable=SC2086 # words
    ip "$family" route delete $route
  done < <(routes | grep -vxFf "$NETWORK/routes")
  while read -r family route; do
    # shellcheck disable=SC2086 # words
    ip "$family" route replace $route
  done <"$NETWORK/routes"
}

put_ruleset_back() {
  [[ -e $NETWORK/ruleset ]] || return 0
  nft --stateless list ruleset | cmp -s - "$NETWORK/ruleset" ||
    { echo 'flush ruleset' && cat "$NETWORK/ruleset"; } | nft -f -
}

# gateway_answers: some gateways do not answer ping, but all answer ARP.
gateway_answers() {
  local gateway
  gateway=$(ip -4 route show default | awk '$2 == "via" { print $3; exit }')
  [[ -n $gateway ]] || return 1
  for _ in {1..5}; do
    if ping -c 1 -W 1 "$gateway" >/dev/null 2>&1; then return; fi
    if ip neighbour show "$gateway" | grep -q -e REACHABLE -e DELAY; then return; fi
    sleep 1
  done
  return 1
}
