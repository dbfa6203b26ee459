# ---- the network of a Debian machine, as the kernel and Open vSwitch have it ----
#
# save_network STEP... keeps it in NETWORK, with what steps are about to change it;
# put_network_back makes it so again, and prints what it could not. snapshot prints the
# network as text: of two equal networks, the same.

save_network() { # STEP...
  local new=$NETWORK.new
  rm -rf "$new"
  (umask 077 && mkdir -p "$new/clients")
  printf '%s\n' "$@" >"$new/steps"
  cp "$STAGE/machine.sh" "$new/machine.sh"
  addresses >"$new/addresses"
  routes >"$new/routes"
  rules >"$new/rules"
  links >"$new/links"
  keep_clients "$new/clients"
  if [[ -d /run/network ]]; then cp -a /run/network "$new/ifupdown"; fi
  if has_switch; then ovsdb-client --timeout=5 backup >"$new/ovs.db"; fi
  if command -v nft >/dev/null; then nft --stateless list ruleset >"$new/ruleset"; fi
  snapshot >"$new/snapshot"
  answering_gateways >"$new/gateways"
  neighbours >"$new/neighbours"
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
  put_links_back
  put_addresses_back
  put_routes_back
  put_rules_back
  put_ruleset_back
  if [[ -d $NETWORK/ifupdown ]]; then
    rm -f /run/network/ifstate*
    cp -a "$NETWORK"/ifupdown/. /run/network/
  fi
  put_clients_back
  set -e
}

# differences prints what of the network is not as it was saved, a line each, after at
# most ten seconds, in which a client of DHCP may still be asking.
differences() {
  local found
  for _ in {1..10}; do
    found=$(diff -U 0 --label before --label now "$NETWORK/snapshot" <(snapshot) | grep '^[-+][^-+]' || true)
    [[ -n $found ]] || return 0
    sleep 1
  done
  printf '%s\n' "$found"
}

# snapshot leaves out what changes by itself: lifetimes, and what routers advertise.
snapshot() {
  links | sed 's/^/link /'
  addresses | timeless | sed 's/^/address /' | sort
  routes | sed -e 's/ expires [^ ]*//' -e 's/^/route /' | sort
  rules | sed 's/^/rule /'
  if has_switch; then ports | sort | sed 's/^/port /'; fi
  find /run -maxdepth 2 \( -path '/run/dhclient*.pid' -o -path '/run/dhcpcd/*.pid' \) -printf 'client %f\n' 2>/dev/null | sort
  if command -v nft >/dev/null; then nft --stateless list ruleset | sed 's/^/nft /'; fi
}

has_switch() { ovs-vsctl --timeout=5 list-br >/dev/null 2>&1; }

# links: device, MTU, and whether it is up. Those of guests come and go.
links() {
  ip -o link show | awk -F': ' '{
    name = $2; sub(/@.*/, "", name)
    if (name ~ /^(vnet|tap|veth)/) next
    mtu = $3; sub(/.* mtu /, "", mtu); sub(/ .*/, "", mtu)
    print name, mtu, ($3 ~ /[<,]UP[,>]/ ? "up" : "down")
  }' | sort
}

# addresses: device, address and what ip(8) needs to add it again. Tunnels are left to
# those who made them, and what a router advertises to the kernel.
addresses() {
  ip -o address show scope global | awk '$5 != "peer" && !/ (mngtmpaddr|temporary) / {
    life = ""
    for (i = 5; i < NF; i++) if (($i == "valid_lft" || $i == "preferred_lft") && $(i + 1) != "forever") {
      seconds = $(i + 1); sub(/sec$/, "", seconds); life = life " " $i " " seconds
    }
    print $2, $4 ($5 == "brd" ? " broadcast " $6 : "") life
  }'
}

# timeless: addresses that end some time are equal, whenever that is.
timeless() { sed 's/ \(valid_lft\|preferred_lft\) [^ ]*/ \1/g'; }

# routes: those of all tables that the kernel does not make by itself, one a line.
routes() {
  local family
  for family in -4 -6; do
    ip -o "$family" route show table all | grep -v -e 'proto kernel' -e 'proto ra' -e 'table local' |
      sed -e 's/\\//g' -e 's/[[:space:]]\+/ /g' -e 's/ \(linkdown\|dead\)//g' -e 's/ pref medium//' -e 's/ $//' -e "s/^/$family /" || true
  done
}

# rules: family, preference and what chooses a table.
rules() {
  local family
  for family in -4 -6; do
    ip "$family" rule show | sed -e 's/^\([0-9]*\):[[:space:]]*/\1 /' -e 's/[[:space:]]*$//' -e "s/^/$family /"
  done
}

put_links_back() {
  local device mtu state
  while read -r device mtu state; do
    [[ -e /sys/class/net/$device ]] || continue
    [[ $(<"/sys/class/net/$device/mtu") == "$mtu" ]] || ip link set "$device" mtu "$mtu"
    ip link set "$device" "$state"
  done <"$NETWORK/links"
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
    cmp -s <(grep "^$device " "$NETWORK/addresses" | timeless) <(grep "^$device " "$now" | timeless) && continue
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
  done < <(comm -13 <(routes | sort) <(sort "$NETWORK/routes") | awk '/ via /{ later = later $0 "\n"; next } { print } END { printf "%s", later }')
}

put_rules_back() {
  local family preference words
  while read -r family preference words; do
    # shellcheck disable=SC2086 # words
    ip "$family" rule delete pref "$preference" $words
  done < <(rules | grep -vxFf "$NETWORK/rules")
  while read -r family preference words; do
    # shellcheck disable=SC2086 # words
    ip "$family" rule add pref "$preference" $words
  done < <(comm -13 <(rules | sort) <(sort "$NETWORK/rules"))
}

put_ruleset_back() {
  [[ -e $NETWORK/ruleset ]] || return 0
  nft --stateless list ruleset | cmp -s - "$NETWORK/ruleset" ||
    { echo 'flush ruleset' && cat "$NETWORK/ruleset"; } | nft -f -
}

# keep_clients FOLDER: the command line of each DHCP client that runs, words ended by NUL,
# in a file named after its own file in /run.
keep_clients() {
  local file
  for file in /run/dhclient*.pid /run/dhcpcd/*.pid; do
    if [[ -e $file && -e /proc/$(<"$file")/cmdline ]]; then
      cat "/proc/$(<"$file")/cmdline" >"$1/${file//\//%}"
    fi
  done
}

# put_clients_back starts the clients again that a change has stopped: they ask for the
# address that they had. It ends those that there were not.
put_clients_back() {
  local file kept words
  for file in /run/dhclient*.pid /run/dhcpcd/*.pid; do
    if [[ -e $file && ! -e $NETWORK/clients/${file//\//%} ]]; then
      pkill -F "$file" || true
      rm -f "$file"
    fi
  done
  for kept in "$NETWORK"/clients/*; do
    file=${kept##*/} file=${file//%/\/}
    if [[ ! -e $kept ]] || pkill -0 -F "$file" 2>/dev/null; then continue; fi
    mapfile -d '' -t words <"$kept"
    timeout 60 "${words[@]}" </dev/null >/dev/null 2>&1 9>&- &
  done
}

# answering_gateways: family and address of each default gateway that answers.
answering_gateways() {
  local family gateway
  gateways | while read -r family gateway; do
    if gateway_answers "$family" "$gateway"; then printf '%s %s\n' "$family" "$gateway"; fi
  done
}

gateways() {
  local family
  for family in -4 -6; do
    ip -o "$family" route show default | sed 's/\\//g' | tr -s '[:space:]' '\n' | awk -v family="$family" 'p == "via" { print family, $0 } { p = $0 }' | sort -u
  done
}

# gateway_answers FAMILY ADDRESS: some gateways do not answer ping, but all answer ARP and
# neighbour discovery.
gateway_answers() {
  local device
  device=$(ip "$1" -o route get "$2" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
  if [[ $2 == fe80:* ]]; then device=$(ip -6 -o route show default via "$2" | sed -n 's/.* dev \([^ ]*\).*/\1/p;q'); fi
  [[ -n $device ]] || return 1
  for _ in {1..5}; do
    if ping "$1" -c 1 -W 1 -I "$device" "$2" >/dev/null 2>&1; then return; fi
    if ip "$1" neighbour show "$2" dev "$device" | grep -q -e REACHABLE -e DELAY; then return; fi
    sleep 1
  done
  return 1
}

# gateways_lost prints the families whose gateway answered before the change, and of which
# none does now.
gateways_lost() {
  local family
  for family in -4 -6; do
    if grep -q "^$family " "$NETWORK/gateways" && ! answering_gateways | grep -q "^$family "; then
      printf 'IPv%s\n' "${family#-}"
    fi
  done
}

# neighbours: the addresses that were talked to on the link.
neighbours() { ip -o neighbour show | awk '$NF ~ /^(REACHABLE|STALE|DELAY|PERMANENT)$/ { print $1 }'; }

# gateways_silent prints the default gateways that do not answer. Where there is none, one
# of the neighbours from before has to.
gateways_silent() {
  local family gateway all
  all=$(gateways)
  if [[ -z $all ]]; then
    [[ -s $NETWORK/neighbours || -s $NETWORK/gateways ]] || return 0 # nobody was there to lose
    while read -r gateway; do
      if ping -c 1 -W 1 "$gateway" >/dev/null 2>&1; then return; fi
    done <"$NETWORK/neighbours"
    echo 'there is no default gateway, and a neighbour from before'
    return
  fi
  while read -r family gateway; do
    [[ -z $gateway ]] || gateway_answers "$family" "$gateway" || printf 'the gateway %s\n' "$gateway"
  done <<<"$all"
}
