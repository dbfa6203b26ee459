// Package varnish renders the HTTP cache of a VM: its VCL and the unit drop-in
// that gives it its port and memory.
//
// It takes a checked topology and gives both files and the step that loads
// them. What stands in front of the cache and behind it is left to the
// packages vyos and nginx.
package varnish

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// minStorage is the least that "-s malloc" takes: varnishd 7.1 calls anything
// below "too small, did you forget to specify M or G?".
const minStorage topology.Size = 1 << 20

// directorName is what we call the object that spreads requests over backends.
const directorName = "cluster"

// challengeBackend is what we call who answers an authority's question.
const challengeBackend = "acme_challenge"

// reserved are the words that varnishd 7.1 refuses as the name of a backend,
// and those that our own VCL takes. VCL compares names without regard to case.
var reserved = map[string]bool{
	challengeBackend: true, "acl": true, "backend": true, "ban": true, "bereq": true, "beresp": true,
	"call": true, directorName: true, "directors": true, "false": true,
	"hash_data": true, "if": true, "import": true, "include": true, "new": true,
	"now": true, "probe": true, "regsub": true, "regsuball": true, "req": true,
	"resp": true, "return": true, "set": true, "std": true, "sub": true,
	"synthetic": true, "true": true, "unset": true, "vcl": true,
}

// Check reports what Varnish cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Varnish == nil {
			continue
		}
		checkNames(vm, &diags)
		checkBackends(t, vm, &diags)
		checkStorage(vm, &diags)
		if vm.Varnish.Listen == httpsPort {
			diags.Errorf("varnish/plain-443", diag.Path("vms", vm.Name, "varnish", "listen"),
				"the cache of %q speaks plain HTTP on port 443, where everybody speaks TLS", vm.Name).
				Hintf("write listen: 80, and tls: { certificates: [ … ] }")
		}
		if vm.Varnish.VCL != "" {
			diags.Warningf("varnish/extra-vcl", diag.Path("vms", vm.Name, "varnish", "vcl"),
				"this VCL is used as it is; only varnishd checks it")
		}
	}
	return diags
}

const httpsPort = 443

func checkNames(vm *topology.VM, diags *diag.List) {
	first := map[string]string{}
	for _, b := range vm.Varnish.Backends {
		path := diag.Path("vms", vm.Name, "varnish", "backends", b.Name)
		name := strings.ToLower(b.Name)
		other, taken := first[name]
		switch {
		case isReserved(b.Name):
			diags.Errorf("varnish/backend-name", path, "%q means something else in VCL", b.Name).
				AtKey().Hintf("choose another name, such as %q", "be-"+b.Name)
		case taken:
			diags.Errorf("varnish/backend-name", path, "%q and %q are one name in VCL, which does not look at case", b.Name,
				other).
				AtKey().Also(diag.Path("vms", vm.Name, "varnish", "backends", other), "already used here").
				Hintf("choose another name")
		default:
			first[name] = b.Name
		}
	}
}

// isReserved knows "default" as the one word that is a backend's name when it
// is written in lower case only.
func isReserved(name string) bool {
	lower := strings.ToLower(name)
	return reserved[lower] || strings.HasPrefix(lower, "vcl_") || lower == "default" && name != lower
}

func checkBackends(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	v := vm.Varnish
	for _, b := range v.Backends {
		path := diag.Path("vms", vm.Name, "varnish", "backends", b.Name)
		if t.VM(b.Target.VM) != nil && !t.AddressOf(vm, b.Target.VM).IsValid() {
			diags.Errorf("varnish/backend-address", diag.Join(path, "vm"),
				"VM %q has no address, and a backend is reached by address", b.Target.VM).
				Hintf("give an interface of %q an address", b.Target.VM)
		}
		if b.Weight != 1 && (len(v.Backends) == 1 || !weighted(v.Director)) {
			diags.Warningf("varnish/weight", diag.Join(path, "weight"), "weight %d has no effect: %s", b.Weight,
				whyUnweighted(v)).
				Hintf("remove it, or set director: 'random' or 'hash'")
		}
	}
}

func whyUnweighted(v *topology.Varnish) string {
	if len(v.Backends) == 1 {
		return "there is one backend only"
	}
	return fmt.Sprintf("the director %q does not know weights", v.Director)
}

// weighted reports whether a director takes weights (vmod_directors(3)).
func weighted(director string) bool { return director == "random" || director == "hash" }

func checkStorage(vm *topology.VM, diags *diag.List) {
	path := diag.Path("vms", vm.Name, "varnish")
	switch s := vm.Varnish.Storage; {
	case s < minStorage:
		diags.Errorf("varnish/storage", diag.Join(path, "storage"), "%s is less than the %s that Varnish needs", s,
			minStorage).
			Hintf("write a size such as '256MiB'")
	case s >= vm.Memory:
		diags.Errorf("varnish/storage", diag.Path("vms", vm.Name, "memory"),
			"a cache of %s does not fit into a memory of %s", s, vm.Memory).
			Also(path, "the cache").Hintf("leave memory to the system, too: Varnish needs more than its storage")
	}
}

// The files, below the machine's folder.
const (
	vclPath    = "etc/varnish/default.vcl"
	dropInPath = "etc/systemd/system/varnish.service.d/listen.conf"
)

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Varnish == nil {
			continue
		}
		vcl, err := vclOf(t, vm)
		if err != nil {
			return artifact.Set{}, err
		}
		if err := add(&set, vm, vclPath, artifact.VCL, "varnish/default.vcl.tmpl", vcl); err != nil {
			return artifact.Set{}, err
		}
		if err := add(&set, vm, dropInPath, artifact.SystemdUnit, "varnish/listen.conf.tmpl", unitOf(vm)); err != nil {
			return artifact.Set{}, err
		}
		set.Steps = append(set.Steps, step(vm))
		if vm.Varnish.TLS != nil {
			if err := addHitch(&set, t, vm); err != nil {
				return artifact.Set{}, err
			}
		}
	}
	return set, nil
}

func add(set *artifact.Set, vm *topology.VM, path string, format artifact.Format, template string, view any) error {
	file := artifact.File{Machine: vm.Name, Path: path, Format: format, Step: "varnish"}.Installed()
	file, err := templates.File(file, template, view)
	set.Files = append(set.Files, file)
	return err
}
