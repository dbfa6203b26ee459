package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkLayer2 finds bridges, ports, tags and MAC addresses that do not fit
// together.
func checkLayer2(t *topology.Topology) (diags diag.List) {
	bridgesOfNetworks(t, &diags)
	bridgesOfVMs(t, &diags)
	for i := range t.Hosts {
		devices(&t.Hosts[i], &diags)
		ownNetworks(t, &t.Hosts[i], &diags)
		failModes(&t.Hosts[i], &diags)
	}
	tags(t, &diags)
	macs(t, &diags)
	return diags
}

// failModes finds bridges that forward nothing: in fail mode secure a bridge does
// what its controller says, and a topology has none.
func failModes(h *topology.Host, diags *diag.List) {
	for _, b := range h.Bridges {
		if b.FailMode == "secure" {
			diags.Errorf("layer2/fail-mode", hostPath(h, "bridges", b.Name, "failMode"),
				"bridge %q forwards nothing: in mode secure it waits for a controller, and has none", b.Name).
				Hintf("leave failMode out; where a controller is set by hand, allow it in policies")
		}
	}
}

// bridgesOfNetworks finds networks on a bridge that no host has.
func bridgesOfNetworks(t *topology.Topology, diags *diag.List) {
	for i := range t.Networks {
		n := &t.Networks[i]
		if !anyHostHas(t, n.Bridge) {
			d := diags.Errorf("layer2/no-bridge", networkPath(n, "bridge"), "no host has a bridge %q", n.Bridge)
			suggest(d, n.Bridge, bridgeNames(t))
		}
	}
}

// bridgesOfVMs finds VMs on a network whose bridge is on other hosts only. Each
// host lacks a bridge once, whoever needs it.
func bridgesOfVMs(t *topology.Topology, diags *diag.List) {
	type need struct{ host, bridge string }
	first := map[need]int{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		host := t.Host(vm.Host)
		for _, iface := range vm.Interfaces {
			n := t.Network(iface.Network)
			if host == nil || n == nil || host.Bridge(n.Bridge) != nil || !anyHostHas(t, n.Bridge) {
				continue
			}
			path := vmPath(vm, "interfaces", iface.Name, "network")
			if at, ok := first[need{host.Name, n.Bridge}]; ok {
				(*diags)[at].Also(path, "and needed here")
				continue
			}
			first[need{host.Name, n.Bridge}] = len(*diags)
			diags.Errorf("layer2/no-bridge", path, "network %q is on bridge %q, which host %q does not have", n.Name, n.Bridge,
				host.Name).
				Also(networkPath(n, "bridge"), "the bridge of the network").
				Hintf("add the bridge to %s, or move the VM to a host that has it", hostPath(host, "bridges"))
		}
	}
}

func anyHostHas(t *topology.Topology, bridge string) bool {
	for i := range t.Hosts {
		if t.Hosts[i].Bridge(bridge) != nil {
			return true
		}
	}
	return false
}

func bridgeNames(t *topology.Topology) (names []string) {
	for _, h := range t.Hosts {
		names = append(names, namesOf(h.Bridges, func(b topology.Bridge) string { return b.Name })...)
	}
	return names
}

// devices finds network devices of a host that are to be two things: a device
// is a bridge, or a port of one bridge, or in one bond.
func devices(h *topology.Host, diags *diag.List) {
	claims := map[string]string{} // device to the path that has it
	for _, b := range h.Bridges {
		claims[b.Name] = hostPath(h, "bridges", b.Name)
	}
	claim := func(path, device string) *diag.Diagnostic {
		other, taken := claims[device]
		if !taken {
			claims[device] = path
			return nil
		}
		if h.Bridge(device) != nil {
			return diags.Errorf("layer2/port-is-bridge", path, "port %q has the name of a bridge", device).
				Also(other, "the bridge").Hintf("name the interface that is to be the port")
		}
		return diags.Errorf("layer2/port-twice", path, "interface %q is already used by %s", device, other).
			Also(other, "already used here").Hintf("an interface belongs to one bridge and one bond")
	}
	for _, b := range h.Bridges {
		for i, p := range b.Ports {
			claim(hostPath(h, "bridges", b.Name, "ports", i), p)
		}
		for _, bond := range b.Bonds {
			path := hostPath(h, "bridges", b.Name, "bonds", bond.Name)
			if d := claim(path, bond.Name); d != nil {
				d.AtKey()
			}
			for i, p := range bond.Interfaces {
				claim(diag.Join(path, "interfaces", i), p)
			}
		}
	}
}

// ownNetworks finds bridges with an address in a network of another bridge.
func ownNetworks(t *topology.Topology, h *topology.Host, diags *diag.List) {
	for _, b := range h.Bridges {
		if n := t.Network(b.Network); n != nil && n.Bridge != b.Name {
			diags.Errorf("layer2/other-bridge", hostPath(h, "bridges", b.Name, "network"),
				"network %q is on bridge %q, not on %q", n.Name, n.Bridge, b.Name).
				Also(networkPath(n, "bridge"), "its bridge").
				Hintf("move the address to the bridge %q", n.Bridge)
		}
	}
}

// tags finds two networks on one VLAN. An IPv4 and an IPv6 network may share
// one, and any number may be untagged: a provider's subnets often are.
func tags(t *topology.Topology, diags *diag.List) {
	type vlan struct {
		bridge string
		tag    int
		ipv4   bool
	}
	first := map[vlan]*topology.Network{}
	for i := range t.Networks {
		n := &t.Networks[i]
		if n.VLAN == 0 {
			continue
		}
		v := vlan{n.Bridge, n.VLAN, n.Subnet.Addr().Is4()}
		other, taken := first[v]
		if !taken {
			first[v] = n
			continue
		}
		diags.Errorf("layer2/vlan-twice", networkPath(n, "vlan"), "VLAN %d of bridge %q is already used by %s", n.VLAN,
			n.Bridge, networkPath(other)).
			Also(networkPath(other, "vlan"), "already used here").
			Hintf("give each network a tag of its own")
	}
}

// macs finds two interfaces with one MAC address where they can see each other.
func macs(t *topology.Topology, diags *diag.List) {
	type station struct {
		bridge string
		vlan   int
		mac    string
	}
	first := map[station]string{}
	for i := range t.VMs {
		for _, iface := range t.VMs[i].Cards() {
			n := t.Network(iface.Network)
			if n == nil {
				continue
			}
			path := vmPath(&t.VMs[i], "interfaces", iface.Name, "mac")
			s := station{n.Bridge, n.VLAN, iface.MAC}
			other, taken := first[s]
			if !taken {
				first[s] = path
				continue
			}
			diags.Errorf("layer2/duplicate-mac", path, "MAC address %q is already used by %s", iface.MAC, other).
				Also(other, "already used here").
				Hintf("leave it out: it follows from the name; or choose another one")
		}
	}
}
