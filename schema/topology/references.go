package topology

import (
	"slices"
	"strings"
)

// References are the VMs that a VM's blocks name, sorted; names that are no VM
// of the topology may be among them.
func (v *VM) References() []string {
	var names []string
	v.Mentions(func(m Mention) {
		names = append(names, m.VM, m.Client)
		if m.Target != nil {
			names = append(names, m.Target.VM)
		}
	})
	v.Variables(func(e *Env, _ ...any) {
		if e.NamesDatabase() { // its address has to be known also when it is written as a name
			name, _, _ := strings.Cut(e.Value, ".")
			names = append(names, name)
		}
	})
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}
