package check

import (
	"fmt"
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// Clash is a thing that two stacks claim. It is a finding about the later one.
type Clash struct {
	Rule, Message, Hint string
	Stack, Other        int    // places in the list of the stacks
	Path, OtherPath     string // RFC 6901, each in its own topology
}

// Across finds what can only belong to one of several stacks that are applied by
// the same people: a name, a hypervisor, an address of the Internet, a MAC address.
// Private addresses may be used again in another place.
func Across(stacks []*topology.Topology) (clashes []Clash) {
	first := map[string]stackClaim{}
	for i, t := range stacks {
		for _, c := range claimsOfStack(t) {
			c.stack = i
			other, taken := first[c.key]
			switch {
			case !taken:
				first[c.key] = c
			case other.stack != i: // within a stack other rules have seen it
				clashes = append(clashes, Clash{
					Rule: c.rule, Stack: i, Other: other.stack, Path: c.path, OtherPath: other.path,
					Message: fmt.Sprintf("%s is already that of stack %q", c.what, stacks[other.stack].Name), Hint: c.hint,
				})
			}
		}
	}
	return clashes
}

// stackClaim is what a stack has to itself.
type stackClaim struct {
	key, rule, what, path, hint string
	stack                       int
}

func claimsOfStack(t *topology.Topology) []stackClaim {
	list := []stackClaim{{
		key: "name " + t.Name, rule: "stacks/name", what: fmt.Sprintf("the name %q", t.Name), path: diag.Path("name"),
		hint: "UUIDs, MAC addresses and what apply notes on a machine follow from the name; choose another",
	}}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		list = append(list, stackClaim{
			key: "host " + reached(h), rule: "stacks/host", what: fmt.Sprintf("the hypervisor at %s",
				reached(h)), path: diag.Path("hosts", h.Name),
			hint: "each stack writes the whole network of its hypervisors; describe both in one topology",
		})
	}
	for i := range t.VMs {
		list = append(list, claimsOf(&t.VMs[i])...)
	}
	return list
}

// reached is where apply reaches a hypervisor: one of the same place is the same.
func reached(h *topology.Host) string {
	a := h.ManagementAddress()
	switch {
	case h.SSH.Address != "":
		return h.SSH.Address
	case a.IsValid():
		return a.String()
	}
	return h.Name
}

func claimsOf(vm *topology.VM) (list []stackClaim) {
	for i := range vm.Interfaces {
		n := &vm.Interfaces[i]
		path := diag.Path("vms", vm.Name, "interfaces", n.Name)
		list = append(list, stackClaim{
			key: "mac " + n.MAC, rule: "stacks/mac", what: fmt.Sprintf("the MAC address %s", n.MAC), path: path,
			hint: "leave mac out, or give each its own",
		})
		if isOutside(n.Address) {
			list = append(list, stackClaim{
				key: "address " + n.Address.String(), rule: "stacks/address", what: fmt.Sprintf("the address %s", n.Address),
				path: diag.Join(path, "address"), hint: "an address of the Internet belongs to one machine",
			})
		}
	}
	return list
}

func isOutside(a netip.Addr) bool { return a.IsValid() && flow.IsPublic(a) }
