package runbook

import (
	"slices"
	"strings"
	"testing"

	"stackgen/schema/topology"
	"stackgen/schema/topology/topologytest"
)

// TestListenersAreInTheRunbook wants a line for each port and socket of a VM with
// everything.
func TestListenersAreInTheRunbook(t *testing.T) {
	full := topologytest.Full()
	rows := listeners(full)
	has := func(words ...string) bool {
		return slices.ContainsFunc(rows, func(row string) bool {
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(row, w) })
		})
	}
	for _, l := range full.VMs[0].Listeners() {
		if !has(portOf(l), l.Kind().Title) {
			t.Errorf("%s has no line with %q", l.Service, portOf(l))
		}
	}
	for _, s := range full.VMs[0].Offers() {
		for _, in := range s.Inner {
			if !has(in.Socket, s.Title) || in.Socket == "" && !has(portOf(in.Listener), s.Title) {
				t.Errorf("%s has no line for %+v", s.Name, in)
			}
		}
	}
	if n := len(topology.ServiceKinds()); n < 13 {
		t.Errorf("there are only %d kinds of services", n)
	}
}
