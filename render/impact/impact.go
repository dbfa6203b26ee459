// Package impact tells what a change of a topology interrupts.
//
// It takes two rendered stacks, the old one and the new one, and gives what
// changed in the model with its class, the reason and all that it drags along,
// in the order in which apply brings it into effect; and which files changed, by
// their meaning. How that is shown is left to the driver. What each change
// means is one table, in rules.go.
package impact

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Class is how much a change interrupts. The zero value is invalid.
type Class int

// The classes, from nothing to the worst.
const (
	None     Class = iota + 1 // no running program notices
	Live                      // takes effect while all goes on
	Reload                    // a program reads its configuration again and goes on
	Restart                   // a program or VM has to start again
	Recreate                  // a thing is removed and made anew
	Outage                    // machines or users lose something they use
)

// String is the word for a class.
func (c Class) String() string {
	words := []string{"none", "live", "reload", "restart", "recreate", "outage"}
	if c < None || int(c) > len(words) {
		return fmt.Sprintf("Class(%d)", int(c))
	}
	return words[c-1]
}

// Stack is a rendered stack.
type Stack struct {
	Topology *topology.Topology // nil when only its files are known
	Files    []artifact.File
	Steps    []artifact.Step // in the order of an apply
}

// Impact is one change and what it means.
type Impact struct {
	Class   Class
	Machine string   // whose; "" is the whole stack
	Step    string   // that brings it into effect, as machine/name; "" if none does
	Path    string   // of what changed in the topology, as words with slashes; "" for files alone
	Change  string   // "2 → 4", "added", "removed"
	Reason  string   // why it is of its class
	Drags   []string // what else is interrupted or follows, sorted
	Prune   bool     // done only by apply --prune
}

// Of lists the impacts of going from one stack to another.
func Of(old, new Stack) []Impact {
	var list []Impact
	if old.Topology != nil && new.Topology != nil {
		before := renamed(old.Topology, new.Topology)
		for _, c := range modelChanges(before, new.Topology) {
			i := classify(c, before, new.Topology)
			i.Reason += likeRename(c, old.Topology, new.Topology)
			list = append(list, i)
		}
	}
	list = append(list, consequences(list, old, new)...)
	order := map[string]int{}
	for i, s := range slices.Concat(new.Steps, old.Steps) {
		if _, ok := order[s.ID()]; !ok {
			order[s.ID()] = i
		}
	}
	slices.SortStableFunc(list, func(a, b Impact) int {
		return cmp.Or(compareBool(a.Prune, b.Prune), compareBool(a.Step != "", b.Step != ""),
			order[a.Step]-order[b.Step], strings.Compare(a.Machine, b.Machine), strings.Compare(a.Path, b.Path))
	})
	return list
}

// likeRename says of a VM that comes when it has an address of one that goes.
func likeRename(c change, old, new *topology.Topology) string {
	if !c.added() || len(c.path) != 2 || c.path[0] != "vms" {
		return ""
	}
	comes := new.VM(c.path[1])
	for i := range old.VMs {
		goes := &old.VMs[i]
		if new.VM(goes.Name) != nil {
			continue
		}
		for _, iface := range comes.Interfaces {
			if iface.Address.IsValid() && goes.Owns(iface.Address) {
				return fmt.Sprintf("; looks like a rename of %s, and would be another machine with a disk of its own: write renamedFrom: '%s'",
					goes.Name, cmp.Or(goes.RenamedFrom, goes.Name))
			}
		}
	}
	return ""
}

// compareBool puts false first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Worst is the highest class of a list, or None.
func Worst(list []Impact) Class {
	worst := None
	for _, i := range list {
		worst = max(worst, i.Class)
	}
	return worst
}

// consequences are the steps whose files change without an impact of their
// own: they follow from a change elsewhere.
func consequences(known []Impact, old, new Stack) (list []Impact) {
	covered := map[string]bool{}
	for _, i := range known {
		covered[i.Step] = true
	}
	for _, host := range leftHosts(old.Topology, new.Topology) {
		for _, step := range []string{"storage", "first-boot", "libvirt"} {
			covered[host+"/"+step] = true
		}
	}
	for _, f := range Files(old.Files, new.Files) {
		step := f.Machine + "/" + f.Step
		if f.Step == "" || covered[step] || comesOrGoes(f.Machine, old.Topology, new.Topology) {
			continue
		}
		covered[step] = true
		by := stepRule(f.Step)
		list = append(list, Impact{Class: by.class, Machine: f.Machine, Step: step, Change: "follows", Reason: by.reason})
	}
	return list
}

// leftHosts lists the hosts that a VM leaves for another one: that it is not in their
// files any more is part of its move.
func leftHosts(old, new *topology.Topology) (hosts []string) {
	if old == nil || new == nil {
		return nil
	}
	for _, vm := range new.VMs {
		if before := old.VM(vm.Name); before != nil && before.Host != vm.Host {
			hosts = append(hosts, before.Host)
		}
	}
	return hosts
}

// comesOrGoes reports whether a machine is in one of two models only: then its
// own impact says all.
func comesOrGoes(machine string, old, new *topology.Topology) bool {
	if old == nil || new == nil {
		return false
	}
	has := func(t *topology.Topology) bool { return t.VM(machine) != nil || t.Host(machine) != nil }
	return has(old) != has(new)
}
