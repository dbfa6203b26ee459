// Package topologytest makes models for the laws of our tests: what must hold for
// every field of the model, also for one that nobody has thought of yet.
package topologytest

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// Full is a model with one of everything: each list has a member, each block is
// there. Names are the keys of what they name, references are empty.
func Full() *topology.Topology {
	t := &topology.Topology{}
	fill(reflect.ValueOf(t).Elem(), "stack")
	vm := &t.VMs[0]
	vm.Router.Platform, vm.OS = "debian", "debian-12"
	vm.MariaDB.Flavor = "mariadb"
	vm.Router.OpenVPN[0].Mode = "server"
	for i := range vm.Router.Firewall.Rulesets {
		vm.Router.Firewall.Rulesets[i].Family = topology.IPv4
	}
	t.Networks[0].Subnet = netip.MustParsePrefix("192.0.2.0/24")
	vm.Interfaces[0].Network, vm.Interfaces[0].Address = t.Networks[0].Name, netip.MustParseAddr("192.0.2.7")
	host, network := &t.Hosts[0], &t.Networks[0]
	vm.Host, network.Bridge, host.Bridges[0].Network = host.Name, host.Bridges[0].Name, network.Name
	for _, p := range Find(t, func(_ reflect.Type, f reflect.StructField) bool {
		return f.Name == "Networks" && f.Type.Kind() == reflect.String
	}) {
		p.Value.SetString(t.Networks[0].Name)
	}
	vm.Router.DHCPServers[0].Name = t.Networks[0].Name
	t.Complete()
	return t
}

// fill makes one of everything. What has a name is called after the key that
// holds it.
func fill(v reflect.Value, key string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), key)
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[topology.Ports]() {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), strings.TrimSuffix(key, "s"))
	case reflect.Struct:
		fillStruct(v, key)
	}
}

func fillStruct(v reflect.Value, key string) {
	if strings.HasPrefix(v.Type().PkgPath(), "net/") {
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported():
		case f.Name == "Name" || f.Name == "Path" && v.Type() == reflect.TypeFor[topology.File]():
			v.Field(i).SetString(key)
		default:
			fill(v.Field(i), strings.ToLower(f.Name))
		}
	}
}

// Place is a field of a model that a law looks at.
type Place struct {
	Path  string // in Go's words: VMs.0.PHP.Env.0.Secret
	Value reflect.Value
}

// Places are the fields of a model of some type, wherever they are.
func Places[T any](t *topology.Topology) []Place {
	return Find(t, func(parent reflect.Type, f reflect.StructField) bool { return f.Type == reflect.TypeFor[T]() })
}

// Find walks over a model and gives the fields that are wanted, and members of
// lists by the field of the list.
func Find(t *topology.Topology, want func(parent reflect.Type, f reflect.StructField) bool) (all []Place) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(path, v.Elem())
		case reflect.Slice:
			for i := range v.Len() {
				walk(path+"."+strconv.Itoa(i), v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if !f.IsExported() {
					continue
				}
				at := path + "." + f.Name
				if want(v.Type(), element(f)) {
					all = append(all, places(at, v.Field(i))...)
					continue
				}
				walk(at, v.Field(i))
			}
		}
	}
	walk("", reflect.ValueOf(t).Elem())
	return all
}

// element is a field as its members have it.
func element(f reflect.StructField) reflect.StructField {
	if f.Type.Kind() == reflect.Slice && f.Type != reflect.TypeFor[topology.Ports]() {
		f.Type = f.Type.Elem()
	}
	return f
}

func places(at string, v reflect.Value) (all []Place) {
	if v.Kind() != reflect.Slice {
		return []Place{{at, v}}
	}
	for i := range v.Len() {
		all = append(all, Place{at + "." + strconv.Itoa(i), v.Index(i)})
	}
	return all
}

// MachineNames are the fields that hold the name of a VM: those called VM, and
// the hosts of a database's account.
func MachineNames(t *topology.Topology) []Place {
	return Find(t, func(parent reflect.Type, f reflect.StructField) bool {
		return f.Type.Kind() == reflect.String &&
			(f.Name == "VM" || parent == reflect.TypeFor[topology.DBUser]() && f.Name == "Hosts")
	})
}
