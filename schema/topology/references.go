package topology

import "slices"

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
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}
