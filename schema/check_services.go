package schema

import (
	"strconv"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkServices finds services that cannot start, or cannot reach each other.
func checkServices(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		servicesNeedOS(vm, &diags)
		ports(vm, &diags)
		sitesNeedPHP(vm, &diags)
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
	for _, b := range []struct {
		key string
		has bool
	}{
		{"varnish", vm.Varnish != nil}, {"nginx", vm.Nginx != nil}, {"php", vm.PHP != nil}, {databaseKey(vm), vm.MariaDB != nil},
		{"files", len(vm.Files) > 0}, {"packages", len(vm.Packages) > 0},
	} {
		if b.has {
			diags.Errorf("services/no-os", vmPath(vm, b.key), "VM %q has %s, but no operating system to put it into", vm.Name, b.key).
				AtKey().Hintf("add os: 'debian-12' to the VM")
			return
		}
	}
}

// listener is a port that a service of a VM listens on.
type listener struct {
	path     string // of the port
	service  string
	protocol string // tcp or udp
	port     int
}

// listenersOf lists what listens on a VM; sites of one port are one listener.
func listenersOf(vm *topology.VM) (all []listener) {
	if vm.OS != "" {
		all = append(all, listener{vmPath(vm, "ssh", "port"), "the SSH server", "tcp", vm.SSH.Port})
	}
	if vm.MariaDB != nil {
		all = append(all, listener{databasePath(vm, "port"), "the database", "tcp", vm.MariaDB.Port})
	}
	if vm.Varnish != nil {
		all = append(all, listener{vmPath(vm, "varnish", "listen"), "varnish", "tcp", vm.Varnish.Listen})
	}
	if vm.Nginx != nil {
		seen := map[int]bool{}
		for _, s := range vm.Nginx.Sites {
			if !seen[s.Listen] {
				seen[s.Listen] = true
				all = append(all, listener{vmPath(vm, "nginx", "sites", s.Name, "listen"), "nginx", "tcp", s.Listen})
			}
		}
	}
	if vm.Router != nil {
		for _, v := range vm.Router.OpenVPN {
			all = append(all, listener{routerPath(vm, "openvpn", v.Name, "port"), "OpenVPN " + v.Name, v.Protocol, v.Port})
		}
	}
	return all
}

// ports finds two services of a VM on one port.
func ports(vm *topology.VM, diags *diag.List) {
	type port struct {
		protocol string
		number   int
	}
	first := map[port]listener{}
	for _, l := range listenersOf(vm) {
		p := port{l.protocol, l.port}
		other, taken := first[p]
		if !taken {
			first[p] = l
			continue
		}
		diags.Errorf("services/port-conflict", l.path, "%s port %d of %q is for %s and for %s", l.protocol, l.port, vm.Name, other.service, l.service).
			Also(other.path, "already used here").Hintf("move one of them to another port")
	}
}

func sitesNeedPHP(vm *topology.VM, diags *diag.List) {
	if vm.Nginx == nil || vm.PHP != nil {
		return
	}
	for _, s := range vm.Nginx.Sites {
		if s.PHP {
			diags.Errorf("services/no-php", vmPath(vm, "nginx", "sites", s.Name, "php"), "site %q runs PHP, but VM %q has no php block", s.Name, vm.Name).
				Hintf("add php: {} to the VM")
			return
		}
	}
}

// backend finds a cache that fetches from where nothing answers.
func backend(t *topology.Topology, vm *topology.VM, path string, b topology.Backend, diags *diag.List) {
	port := b.Target.Port.Single()
	to := t.VM(b.Target.VM)
	switch {
	case to == nil:
	case to == vm && port == vm.Varnish.Listen:
		diags.Errorf("services/backend-loop", diag.Join(path, "port"), "backend %q is the cache itself", b.Name).
			Also(vmPath(vm, "varnish", "listen"), "the port it listens on").Hintf("name the VM or the port of the web server")
	case !answers(to, port):
		d := diags.Errorf("services/no-listener", diag.Join(path, "port"), "nothing listens on port %d of VM %q", port, to.Name)
		if p := httpPort(to); p != "" {
			d.Hintf("it listens on %s", p)
		} else {
			d.Hintf("add a site to it: nginx: { sites: … }")
		}
	}
}

// answers reports whether a VM has an HTTP server on a port. One that is not
// known to have any, but gets programs from elsewhere, is trusted.
func answers(vm *topology.VM, port int) bool {
	if vm.Nginx == nil && vm.Varnish == nil && (vm.OS == "" || len(vm.Packages) > 0) {
		return true
	}
	for _, p := range httpPorts(vm) {
		if p == port {
			return true
		}
	}
	return false
}

func httpPorts(vm *topology.VM) (ports []int) {
	for _, l := range listenersOf(vm) {
		if l.service == "nginx" || l.service == "varnish" {
			ports = append(ports, l.port)
		}
	}
	return ports
}

// httpPort writes the ports of a VM's HTTP servers as a sentence does.
func httpPort(vm *topology.VM) string {
	var words []string
	for _, p := range httpPorts(vm) {
		words = append(words, strconv.Itoa(p))
	}
	return sentenceList(words, "and")
}

// probe finds a health check that can never succeed, or never fail (vcl-probe(7)).
func probe(path string, p *topology.Probe, diags *diag.List) {
	switch {
	case p.Threshold > p.Window:
		diags.Errorf("services/probe-window", diag.Join(path, "threshold"), "threshold %d is more than the window of %d checks", p.Threshold, p.Window).
			Also(diag.Join(path, "window"), "the window").Hintf("a backend would never be healthy; lower the threshold")
	case p.Initial > p.Window:
		diags.Errorf("services/probe-window", diag.Join(path, "initial"), "initial %d is more than the window of %d checks", p.Initial, p.Window).
			Also(diag.Join(path, "window"), "the window").Hintf("write at most the window")
	}
	if p.Timeout > p.Interval {
		diags.Errorf("services/probe-timeout", diag.Join(path, "timeout"), "a check may take %s, but the next one starts after %s", p.Timeout, p.Interval).
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
	diags.Errorf("services/not-own-address", vmPath(vm, "graphics", "listen"), "host %q does not have the address %s", host.Name, a).
		Also(hostPath(host, "bridges"), "its addresses").Hintf("write an address of the host; the default is 127.0.0.1")
}
