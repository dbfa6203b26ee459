package runbook

import (
	"fmt"

	"stackgen/schema/topology"
)

// crowd is from how many VMs on those of a host are drawn as one: GitHub draws
// no flowchart with more than 500 lines between its nodes.
const crowd = 60

// diagram draws hosts with their bridges and VMs, and the networks that join
// them, as a Mermaid flowchart. Nodes are numbered: a name such as "end" means
// something to Mermaid. Labels stand in quotes, which no name contains.
func diagram(t *topology.Topology) []string {
	d := drawing{ids: map[string]string{}, crowded: len(t.VMs) > crowd}
	for _, n := range t.Networks {
		d.add("  %s{{%q}}", d.id("network", n.Name), n.Name+" "+n.Subnet.String())
	}
	for i := range t.Hosts {
		d.host(t, &t.Hosts[i])
	}
	for _, n := range t.Networks {
		d.network(t, n)
	}
	return d.lines
}

type drawing struct {
	lines   []string
	ids     map[string]string
	crowded bool
}

func (d *drawing) add(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

// id is the node for something of a kind; the first use makes it.
func (d *drawing) id(kind, name string) string {
	key := kind + " " + name
	if d.ids[key] == "" {
		d.ids[key] = fmt.Sprintf("n%d", len(d.ids)+1)
	}
	return d.ids[key]
}

// host draws a host as a box of its bridges and VMs; what the bridges reach
// outside stands beside it.
func (d *drawing) host(t *topology.Topology, h *topology.Host) {
	d.add("  subgraph %s[%q]", d.id("host", h.Name), h.Name)
	for _, b := range h.Bridges {
		d.add("    %s([%q])", d.id("bridge", h.Name+"/"+b.Name), b.Name)
	}
	vms := t.VMsOn(h.Name)
	if d.crowded {
		d.add("    %s[%q]", d.id("vms of", h.Name), fmt.Sprintf("%d machines", len(vms)))
		vms = nil
	}
	for _, vm := range vms {
		d.add("    %s[%q]", d.id("vm", vm.Name), label(vm))
	}
	d.add("  end")
	for _, b := range h.Bridges {
		for _, port := range uplinks(b) {
			d.add("  %s[/%q/] --- %s", d.id("port", h.Name+"/"+port), h.Name+" "+port, d.id("bridge", h.Name+"/"+b.Name))
		}
	}
}

func label(vm *topology.VM) string {
	if r := role(vm); r != "" {
		return vm.Name + "<br>" + r
	}
	return vm.Name
}

func uplinks(b topology.Bridge) []string {
	names := append([]string{}, b.Ports...)
	for _, bond := range b.Bonds {
		names = append(names, bond.Name)
	}
	return names
}

// network joins a network to its bridge on every host, and to the VMs on it.
func (d *drawing) network(t *topology.Topology, n topology.Network) {
	id := d.id("network", n.Name)
	for i := range t.Hosts {
		h := &t.Hosts[i]
		if h.Bridge(n.Bridge) == nil {
			continue
		}
		bridge := d.id("bridge", h.Name+"/"+n.Bridge)
		if n.VLAN != 0 {
			d.add("  %s ---|%q| %s", bridge, fmt.Sprintf("VLAN %d", n.VLAN), id)
		} else {
			d.add("  %s --- %s", bridge, id)
		}
	}
	if d.crowded {
		d.crowds(t, n)
		return
	}
	for _, vm := range t.VMs {
		for _, i := range vm.Interfaces {
			if i.Network == n.Name {
				d.add("  %s ---|%q| %s", id, attachment(i), d.id("vm", vm.Name))
			}
		}
	}
}

// crowds joins a network to the VMs of each host that has some on it.
func (d *drawing) crowds(t *topology.Topology, n topology.Network) {
	for _, h := range t.Hosts {
		count := 0
		for _, vm := range t.VMsOn(h.Name) {
			if vm.On(n.Name) {
				count++
			}
		}
		if count > 0 {
			d.add("  %s ---|%q| %s", d.id("network", n.Name), fmt.Sprint(count), d.id("vms of", h.Name))
		}
	}
}

func attachment(i topology.Interface) string {
	if i.Address.IsValid() {
		return i.Name + " " + i.Address.String()
	}
	return i.Name
}
