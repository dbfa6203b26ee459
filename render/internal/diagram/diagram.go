// Package diagram draws a stack: its hosts with their bridges and machines, and
// the networks that join them.
//
// It takes a checked topology and gives a [Drawing], which is written in the
// language of Mermaid or of Graphviz. Where things are placed is theirs to say.
package diagram

import (
	"fmt"
	"slices"

	"stackgen/schema/topology"
)

// mostDrawn is from how many VMs on those of a host are drawn as one: GitHub draws
// no flowchart with more than 500 lines between its nodes.
const mostDrawn = 60

// Drawing is nodes, those of a host in a box of their own, and lines between
// them.
type Drawing struct {
	networks, ports []node
	boxes           []box
	edges           []edge
	ids             map[string]string
	crowd           map[[2]string]int // VMs by network and host; nil: each is drawn
}

// shape says what a node stands for.
type shape int

const (
	network shape = iota
	bridge
	port
	machine
)

// node has a number for a name: a name such as "end" means something to Mermaid.
type node struct {
	id    string
	shape shape
	lines []string // of its label
}

type box struct {
	id, label string
	nodes     []node
}

type edge struct{ from, label, to string }

// Of draws a stack.
func Of(t *topology.Topology) Drawing {
	d := Drawing{ids: map[string]string{}}
	if len(t.VMs) > mostDrawn {
		d.crowd = countCrowds(t)
	}
	for _, n := range t.Networks {
		d.networks = append(d.networks, node{d.id("network", n.Name), network, []string{n.Name + " " + n.Subnet.String()}})
	}
	for i := range t.Hosts {
		d.host(t, &t.Hosts[i])
	}
	for _, n := range t.Networks {
		d.network(t, n)
	}
	return d
}

// id is the node for something of a kind; the first use makes it.
func (d *Drawing) id(kind, name string) string {
	key := kind + " " + name
	if d.ids[key] == "" {
		d.ids[key] = fmt.Sprintf("n%d", len(d.ids)+1)
	}
	return d.ids[key]
}

func (d *Drawing) join(from, label, to string) {
	d.edges = append(d.edges, edge{from, label, to})
}

// host draws a host as a box of its bridges and VMs; what the bridges reach
// outside stands beside it.
func (d *Drawing) host(t *topology.Topology, h *topology.Host) {
	b := box{id: d.id("host", h.Name), label: h.Name}
	for _, br := range h.Bridges {
		b.nodes = append(b.nodes, node{d.id("bridge", h.Name+"/"+br.Name), bridge, []string{br.Name}})
	}
	vms := t.VMsOn(h.Name)
	if d.crowd != nil {
		b.nodes = append(b.nodes, node{d.id("vms of", h.Name), machine, []string{fmt.Sprintf("%d machines", len(vms))}})
		vms = nil
	}
	for _, vm := range vms {
		b.nodes = append(b.nodes, node{d.id("vm", vm.Name), machine, labelOf(vm)})
	}
	d.boxes = append(d.boxes, b)
	for _, br := range h.Bridges {
		for _, name := range uplinks(br) {
			id := d.id("port", h.Name+"/"+name)
			d.ports = append(d.ports, node{id, port, []string{h.Name + " " + name}})
			d.join(id, "", d.id("bridge", h.Name+"/"+br.Name))
		}
	}
}

func labelOf(vm *topology.VM) []string {
	if role := vm.Role(); role != "" {
		return []string{vm.Name, role}
	}
	return []string{vm.Name}
}

func uplinks(b topology.Bridge) []string {
	names := append([]string{}, b.Ports...)
	for _, bond := range b.Bonds {
		names = append(names, bond.Name)
	}
	return names
}

// network joins a network to its bridge on every host, and to the VMs on it. In a
// crowd it is joined to the hosts that have a part in it.
func (d *Drawing) network(t *topology.Topology, n topology.Network) {
	id := d.id("network", n.Name)
	for i := range t.Hosts {
		h := &t.Hosts[i]
		br := h.Bridge(n.Bridge)
		if br == nil || d.crowd != nil && br.Network != n.Name && d.crowd[[2]string{n.Name, h.Name}] == 0 {
			continue
		}
		tag := ""
		if n.VLAN != 0 {
			tag = fmt.Sprintf("VLAN %d", n.VLAN)
		}
		d.join(d.id("bridge", h.Name+"/"+n.Bridge), tag, id)
	}
	if d.crowd != nil {
		d.crowds(t, n)
		return
	}
	for _, vm := range t.VMs {
		for _, i := range vm.Interfaces {
			if i.Network == n.Name {
				d.join(id, attachment(i), d.id("vm", vm.Name))
			}
		}
	}
}

// crowds joins a network to the VMs of each host that has some on it.
func (d *Drawing) crowds(t *topology.Topology, n topology.Network) {
	for _, h := range t.Hosts {
		if count := d.crowd[[2]string{n.Name, h.Name}]; count > 0 {
			d.join(d.id("network", n.Name), fmt.Sprint(count), d.id("vms of", h.Name))
		}
	}
}

// countCrowds counts the VMs by network and host.
func countCrowds(t *topology.Topology) map[[2]string]int {
	counts := map[[2]string]int{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for k, iface := range vm.Interfaces {
			again := slices.ContainsFunc(vm.Interfaces[:k],
				func(o topology.Interface) bool { return o.Network == iface.Network })
			if !again {
				counts[[2]string{iface.Network, vm.Host}]++
			}
		}
	}
	return counts
}

func attachment(i topology.Interface) string {
	if i.Address.IsValid() {
		return i.Name + " " + i.Address.String()
	}
	return i.Name
}
