package topology

import "cmp"

// Relation is that one machine needs another: a service asks it, or lets it in.
type Relation struct {
	From, To string // VMs
	Protocol string // tcp or udp; empty: not said
	Port     int    // 0: not said
	Kind     string // why: backend, variable, account
	Name     string // of the backend, the variable, the account
	Path     []any  // where it is written, from the top
}

// Relations lists what the VMs need of each other, in the order of the VMs that
// it is written at. Who is asked may be no VM of the topology.
func (t *Topology) Relations() (all []Relation) {
	for i := range t.VMs {
		v := &t.VMs[i]
		for _, u := range v.Upstreams() {
			if u.Target.VM != "" {
				all = append(all, Relation{
					From: v.Name, To: u.Target.VM, Protocol: cmp.Or(u.Protocol, "tcp"), Port: u.Target.Port.Single(),
					Kind: u.Kind, Name: u.Name, Path: append([]any{"vms", v.Name}, u.Path...),
				})
			}
		}
		all = append(all, t.clients(v)...)
	}
	return all
}

// clients are the machines that the accounts of a database let in.
func (t *Topology) clients(v *VM) (all []Relation) {
	if v.MariaDB == nil {
		return nil
	}
	for _, u := range v.MariaDB.Users {
		for i, h := range u.Hosts {
			if t.VM(h) != nil {
				all = append(all, Relation{
					From: h, To: v.Name, Protocol: "tcp", Port: v.MariaDB.Port, Kind: "account", Name: u.Name,
					Path: []any{"vms", v.Name, v.MariaDB.Flavor, "users", u.Name, "hosts", i},
				})
			}
		}
	}
	return all
}
