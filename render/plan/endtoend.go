package plan

import (
	"fmt"
	"net/netip"
	"slices"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
)

// endToEnd is the last step: it asks for each site from where apply runs, the
// way a visitor does.
func endToEnd(t *topology.Topology) artifact.Set {
	var lines []string
	for i := range t.VMs {
		if r := t.VMs[i].Router; r != nil {
			for _, rule := range r.NAT.Destination {
				lines = append(lines, visitLines(t, &t.VMs[i], rule)...)
			}
		}
	}
	if len(lines) == 0 {
		return artifact.Set{}
	}
	return artifact.Set{Steps: []artifact.Step{{
		Name: "check", Phase: artifact.EndToEnd, Summary: "the sites answer from outside", Verify: lines,
	}}}
}

// visitLines asks for every site behind one rule of destination NAT.
func visitLines(t *topology.Topology, router *topology.VM, rule topology.DestinationNAT) []string {
	address, port := router.PublicAddress(rule), rule.Port.Single()
	vm := t.VM(rule.Translation.VM)
	if vm == nil || !address.IsValid() || port == 0 {
		return nil
	}
	inside := rule.Translation.Port.Single()
	if inside == 0 {
		inside = port
	}
	var lines []string
	tls := slices.ContainsFunc(vm.Listeners(), func(l topology.Listener) bool { return l.Port == inside && l.TLS })
	for _, name := range t.NamesAt(vm, inside) {
		lines = append(lines, visitLine(name, address, port, tls))
	}
	return lines
}

func visitLine(name string, address netip.Addr, port int, tls bool) string {
	words := []string{"visit", name, address.String(), fmt.Sprint(port)}
	if tls {
		words = append(words, "tls")
	}
	return shell.Join(words...)
}
