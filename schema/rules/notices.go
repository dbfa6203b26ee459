package rules

import (
	"slices"
	"strings"
)

// Notice explains a finding that is about something other than one topology:
// several of them, a rendered tree, a test. No topology has it, so that there is
// no example, and no policy changes it.
type Notice struct {
	Name     string // subject/name: "tree/edited"
	By       string // the command that finds it
	What     string // what it finds
	Why      string // what would happen
	Fix      string // what to do
	Source   string // where the reason is written
	Severity string // what decides it
}

// Notices lists the notices by name.
func Notices() []Notice {
	all := slices.Concat(acrossStacks(), ofTests(), ofTrees(), ofPrograms())
	slices.SortFunc(all, func(a, b Notice) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// FindNotice is the notice of a name.
func FindNotice(name string) (Notice, bool) {
	for _, n := range Notices() {
		if n.Name == name {
			return n, true
		}
	}
	return Notice{}, false
}

// acrossStacks are the notices about what two stacks claim.
func acrossStacks() []Notice {
	const (
		by       = "stackgen validate and stackgen render, of several stacks"
		severity = "always an error: a policy is about one stack"
	)
	return []Notice{{
		Name: "stacks/address", By: by, Severity: severity,
		What:   "an address of the Internet that machines of two stacks have",
		Why:    "each of them is reached by chance",
		Fix:    "give one of them another address",
		Source: "RFC 5227",
	}, {
		Name: "stacks/host", By: by, Severity: severity,
		What:   "a hypervisor that two stacks describe",
		Why:    "each writes the whole network of its hypervisors: to apply one undoes the other",
		Fix:    "describe both in one topology, or write in ssh where the other hypervisor is reached",
		Source: "interfaces(5): one file has all interfaces",
	}, {
		Name: "stacks/mac", By: by, Severity: severity,
		What:   "a MAC address that interfaces of two stacks have",
		Why:    "where they meet, the bridge sends frames to whoever spoke last",
		Fix:    "leave mac out: it follows from the names of stack, VM and interface",
		Source: "IEEE 802.1D",
	}, {
		Name: "stacks/name", By: by, Severity: severity,
		What:   "a name that two stacks have",
		Why:    "UUIDs, MAC addresses, the folder of the output and what apply notes on a machine follow from it",
		Fix:    "choose another name for one of them",
		Source: "RFC 9562, section 5.5",
	}}
}
