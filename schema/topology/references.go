package topology

import "slices"

// References are the VMs that a VM's blocks name, sorted; names that are no VM
// of the topology may be among them.
func (v *VM) References() []string {
	var names []string
	names = append(names, v.Router.references()...)
	if v.Varnish != nil {
		for _, b := range v.Varnish.Backends {
			names = append(names, b.Target.VM)
		}
	}
	if v.PHP != nil {
		for _, e := range v.PHP.Env {
			names = append(names, e.VM)
		}
	}
	if v.MariaDB != nil {
		for _, u := range v.MariaDB.Users {
			names = append(names, u.Hosts...)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

func (r *Router) references() (names []string) {
	if r == nil {
		return nil
	}
	for _, n := range r.NAT.Source {
		names = append(names, n.Destination.VM)
	}
	for _, n := range r.NAT.Destination {
		names = append(names, n.Source.VM, n.Translation.VM)
	}
	for _, n := range r.NAT.Static {
		names = append(names, n.Translation.VM)
	}
	for _, set := range r.Firewall.Rulesets {
		for _, rule := range set.Rules {
			names = append(names, rule.Source.VM, rule.Destination.VM)
		}
	}
	return names
}
