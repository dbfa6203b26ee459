package check

import (
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// checkServices finds services that cannot start, or cannot reach each other.
func checkServices(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		servicesNeedOS(vm, &diags)
		checkPorts(vm, &diags)
		sitesNeedPHP(vm, &diags)
		versionOfPHP(vm, &diags)
		if vm.Varnish != nil {
			for _, b := range vm.Varnish.Backends {
				path := vmPath(vm, "varnish", "backends", b.Name)
				backend(t, vm, path, b, &diags)
				if b.Probe != nil {
					probe(diag.Join(path, "probe"), b.Probe, &diags)
				}
			}
		}
		graphics(t, vm, &diags)
	}
	return diags
}

// servicesNeedOS finds services in a VM whose operating system is unknown: they
// would never be installed.
func servicesNeedOS(vm *topology.VM, diags *diag.List) {
	if vm.OS != "" {
		return
	}
	blocks := vm.Blocks()
	if len(vm.Files) > 0 {
		blocks = append(blocks, "files")
	}
	if len(vm.Packages) > 0 {
		blocks = append(blocks, "packages")
	}
	if len(blocks) > 0 {
		diags.Errorf("services/no-os", vmPath(vm, blocks[0]), "VM %q has %s, but no operating system to put it into",
			vm.Name, blocks[0]).
			AtKey().Hintf("add os: '%s' to the VM", release.Newest().Name)
	}
}

// checkPorts finds two services of a VM on one port of one address.
func checkPorts(vm *topology.VM, diags *diag.List) {
	all := vm.Listeners()
	for i, l := range all {
		j := slices.IndexFunc(all[:i], l.Clashes)
		if j < 0 {
			continue
		}
		diags.Errorf("services/port-conflict", flow.ListenerPath(vm, l), "%s port %d of %q is for %s and for %s", l.Protocol,
			l.Port, vm.Name, serviceName(all[j]), serviceName(l)).
			Also(flow.ListenerPath(vm, all[j]), "already used here").Hintf("move one of them to another port")
	}
}

// serviceName is how a service is called in a sentence.
func serviceName(l topology.Listener) string { return l.Called() }

// versionOfPHP finds a pool of a PHP that the VM's release does not have.
func versionOfPHP(vm *topology.VM, diags *diag.List) {
	if vm.PHP == nil || vm.OS == "" || vm.PHP.Version == release.Of(vm.OS).PHP {
		return
	}
	d := diags.Errorf("services/php-version", vmPath(vm, "php", "version"), "%s has PHP %s and no %s", vm.OS,
		release.Of(vm.OS).PHP, vm.PHP.Version)
	for _, r := range release.All() {
		if r.PHP == vm.PHP.Version {
			d.Hintf("leave it out, or write os: '%s', which has it", r.Name)
		}
	}
}

func sitesNeedPHP(vm *topology.VM, diags *diag.List) {
	if vm.Nginx == nil || vm.PHP != nil {
		return
	}
	for _, s := range vm.Nginx.Sites {
		if s.PHP {
			diags.Errorf("services/no-php", vmPath(vm, "nginx", "sites", s.Name, "php"),
				"site %q runs PHP, but VM %q has no php block", s.Name, vm.Name).
				Hintf("add php: {} to the VM")
			return
		}
	}
}

// backend finds a cache that fetches from itself.
func backend(t *topology.Topology, vm *topology.VM, path string, b topology.Backend, diags *diag.List) {
	if to := t.VM(b.Target.VM); to == vm && b.Target.Port.Single() == vm.Varnish.Listen {
		diags.Errorf("services/backend-loop", diag.Join(path, "port"), "backend %q is the cache itself", b.Name).
			Also(vmPath(vm, "varnish", "listen"), "the port it listens on").Hintf("name the VM or the port of the web server")
	}
}

// probe finds a health check that can never succeed, or never fail (vcl-probe(7)).
func probe(path string, p *topology.Probe, diags *diag.List) {
	switch {
	case p.Threshold > p.Window:
		diags.Errorf("services/probe-window", diag.Join(path, "threshold"),
			"threshold %d is more than the window of %d checks", p.Threshold, p.Window).
			Also(diag.Join(path, "window"), "the window").Hintf("a backend would never be healthy; lower the threshold")
	case p.Initial > p.Window:
		diags.Errorf("services/probe-window", diag.Join(path, "initial"), "initial %d is more than the window of %d checks",
			p.Initial, p.Window).
			Also(diag.Join(path, "window"), "the window").Hintf("write at most the window")
	}
	if p.Timeout > p.Interval {
		diags.Errorf("services/probe-timeout", diag.Join(path, "timeout"),
			"a check may take %s, but the next one starts after %s", p.Timeout, p.Interval).
			Also(diag.Join(path, "interval"), "the interval").Hintf("make the timeout shorter than the interval")
	}
}

// graphics finds a display on an address that its host does not have.
func graphics(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	host := t.Host(vm.Host)
	if vm.Graphics == nil || host == nil {
		return
	}
	a := vm.Graphics.Listen
	if a.IsLoopback() || a.IsUnspecified() {
		return
	}
	for _, b := range host.Bridges {
		if b.Address == a {
			return
		}
	}
	diags.Errorf("services/not-own-address", vmPath(vm, "graphics", "listen"), "host %q does not have the address %s",
		host.Name, a).
		Also(hostPath(host, "bridges"), "its addresses").Hintf("write an address of the host; the default is 127.0.0.1")
}
