package ovs

import (
	"fmt"
	"net/netip"
	"strings"

	"stackgen/render/internal/shell"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// functions of the script of a host with that release. Names of devices and addresses have no character
// that means anything to a shell; they are quoted all the same.
func functions(r release.Release) string {
	const place = "\t# dhcpcd\n"
	if r.DHCPCD {
		return strings.Replace(library, place, dhcpcd, 1)
	}
	return strings.Replace(library, place, "", 1)
}

// dhcpcd goes without giving its lease back: the address may be the one that the
// bridge gets.
const dhcpcd = `	[ ! -e "/run/dhcpcd/$1.pid" ] || dhcpcd -x "$1" || true
`

const library = `
# keep FAMILY DEVICE ADDRESS: takes all other addresses off the device.
keep() {
	ip "$1" -o addr show dev "$2" scope global permanent | while read -r _ _ _ address _; do
		[ "$address" = "$3" ] || ip addr del "$address" dev "$2"
	done
}

# alone FAMILY DEVICE ADDRESS: takes the address off any other device, as off a bridge that
# the uplink has left.
alone() {
	ip "$1" -o addr show to "${3%/*}" | while read -r _ device _ address _; do
		[ "$device" = "$2" ] || ip addr del "$address" dev "$device"
	done
}

# vacate DEVICE: a port of a bridge has no address; a DHCP client would put it back.
vacate() {
	[ ! -e "/run/dhclient.$1.pid" ] || pkill -x -F "/run/dhclient.$1.pid" dhclient || true
	# dhcpcd
	ip -4 addr flush dev "$1" scope global
	keep -6 "$1" none
}

# off COMMAND BRIDGE PORT [DEVICE]...: words of a transaction that take a port and its
# devices off another bridge or port, if one has them: only then does ovs-vsctl(8) refuse
# the command. There are no words for a port that is where it belongs. Nothing follows
# from a dry run that the switch could be waited for.
off() {
	ovs-vsctl --no-wait --dry-run -- --may-exist add-br "$2" -- --may-exist "$@" 2> /dev/null && return
	shift 2
	printf ' -- --if-exists --with-iface del-port %s' "$@"
}

# idle DEVICE: stops the script if the device has an address that would be cut off.
idle() {
	[ -z "$(ip -4 -o addr show dev "$1" scope global)" ] || {
		echo "$1 has an address and its bridge has none to take its place" >&2
		exit 1
	}
}
`

// before is what comes before the transaction of a bridge. A device that does
// not exist stops the script here, while nothing has changed.
func before(b topology.Bridge) (commands [][]string) {
	for _, d := range devices(b) {
		commands = append(commands, []string{"ip", "link", "set", "dev", d, "up"})
	}
	if !b.Address.IsValid() {
		commands = append(commands, each("idle", devices(b))...)
	}
	return commands
}

// after is what comes after the transaction: the address moves from the uplink
// to the bridge within moments, so that connections survive.
func after(t *topology.Topology, h topology.Host, b topology.Bridge) (commands [][]string) {
	up := []string{"ip", "link", "set", "dev", b.Name, "up"}
	address := t.AddressWithin(b.Network, b.Address)
	if !address.IsValid() {
		return [][]string{up}
	}
	commands = append(each("vacate", devices(b)), []string{"keep", family(b.Address), b.Name, address.String()}, up)
	commands = append(commands, assign(address, b))
	if routed, gateway := t.HostDefaultRoute(&h); b.Name == routed {
		commands = append(commands, []string{"ip", family(gateway), "route", "replace", "default", "via", gateway.String(),
			"dev", b.Name, "onlink"})
	}
	return append(commands, []string{"alone", family(b.Address), b.Name, address.String()})
}

// assign names the broadcast address as ifup does.
func assign(address netip.Prefix, b topology.Bridge) []string {
	argv := []string{"ip", "addr", "replace", address.String()}
	switch {
	case b.Broadcast.IsValid():
		argv = append(argv, "broadcast", b.Broadcast.String())
	case address.Addr().Is4():
		argv = append(argv, "broadcast", "+")
	}
	return append(argv, "dev", b.Name)
}

func each(function string, names []string) (commands [][]string) {
	for _, d := range names {
		commands = append(commands, []string{function, d})
	}
	return commands
}

// family is the option by which ip(8) looks at an address's family.
func family(a netip.Addr) string {
	if a.Is4() {
		return "-4"
	}
	return "-6"
}

func commandLines(commands [][]string) string {
	var text string
	for _, argv := range commands {
		text += fmt.Sprintln(shell.Join(argv...))
	}
	return text
}
