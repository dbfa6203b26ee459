package frr

import (
	"fmt"

	"stackgen/schema/topology"
)

// view is what the templates show: finished lines.
type view struct {
	Machine string
	Daemons []string
	BGP     *bgpView
	Passive []string // interfaces that OSPF only announces
	OSPF    []string
}

type bgpView struct {
	AS              int
	RouterID        string // "": FRRouting chooses
	Session, Family []string
}

func viewOf(t *topology.Topology, vm *topology.VM) view {
	v := view{Machine: vm.Name}
	if b := vm.Router.BGP; b != nil {
		v.Daemons = append(v.Daemons, "bgpd")
		v.BGP = bgp(t, vm, b)
	}
	if o := vm.Router.OSPF; o != nil {
		v.Daemons = append(v.Daemons, "ospfd")
		v.Passive, v.OSPF = o.PassiveInterfaces, ospf(t, vm, o)
	}
	return v
}

func bgp(t *topology.Topology, vm *topology.VM, b *topology.BGP) *bgpView {
	v := &bgpView{AS: b.AS}
	if b.RouterID.IsValid() {
		v.RouterID = b.RouterID.String()
	}
	for _, n := range b.Neighbors {
		v.session(n)
	}
	for _, g := range b.Networks {
		if p := t.Resolve(vm, g); p.IsValid() {
			v.Family = append(v.Family, "network "+p.String())
		}
	}
	v.Family = append(v.Family, redistribute(b.Redistribute)...)
	for _, n := range b.Neighbors {
		if n.NextHopSelf {
			v.Family = append(v.Family, "neighbor "+n.Name+" next-hop-self")
		}
	}
	return v
}

// session is what counts for a neighbor whatever is exchanged. A description is
// the rest of its line, and has no control characters.
func (v *bgpView) session(n topology.BGPNeighbor) {
	say := func(format string, args ...any) {
		v.Session = append(v.Session, "neighbor "+n.Name+" "+fmt.Sprintf(format, args...))
	}
	say("remote-as %d", n.RemoteAS)
	if n.Description != "" {
		say("description %s", n.Description)
	}
	if n.EBGPMultihop != 0 {
		say("ebgp-multihop %d", n.EBGPMultihop)
	}
	if n.UpdateSource != "" {
		say("update-source %s", n.UpdateSource)
	}
}

func ospf(t *topology.Topology, vm *topology.VM, o *topology.OSPF) (lines []string) {
	if o.RouterID.IsValid() {
		lines = append(lines, "ospf router-id "+o.RouterID.String())
	}
	for _, a := range o.Areas {
		for _, g := range a.Networks {
			if p := t.Resolve(vm, g); p.IsValid() {
				lines = append(lines, "network "+p.String()+" area "+a.Name)
			}
		}
	}
	return append(lines, redistribute(o.Redistribute)...)
}

// redistribute names sources as FRRouting does. What it calls static are its own
// routes; those of ours are the kernel's, put there by ifup.
func redistribute(sources []string) (lines []string) {
	for _, s := range sources {
		if s == "static" {
			s = "kernel"
		}
		lines = append(lines, "redistribute "+s)
	}
	return lines
}
