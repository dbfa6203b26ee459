package check

import (
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// checkPrograms finds services of the user's own that cannot start, or would not
// read what is meant for them.
func checkPrograms(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		for j := range vm.Services {
			p := program{vm, &vm.Services[j], &diags}
			p.kind()
			p.commands()
			p.account()
			p.files()
			p.ports()
			p.container()
			p.unused()
		}
		sameUnit(vm, &diags)
		sameFile(vm, &diags)
	}
	afterMissing(t, &diags)
	afterCycles(t, &diags)
	return diags
}

// program is a service and where its findings go.
type program struct {
	vm    *topology.VM
	p     *topology.Program
	diags *diag.List
}

func (p program) path(tokens ...any) string {
	return diag.Join(vmPath(p.vm, "services", p.p.Name), tokens...)
}

// kind finds a service that nothing runs, or two things at once.
func (p program) kind() {
	var keys []string
	for _, k := range []struct {
		key string
		has bool
	}{{"exec", len(p.p.Exec) > 0}, {"unit", p.p.Unit != ""}, {"container", p.p.Container != nil}} {
		if k.has {
			keys = append(keys, k.key)
		}
	}
	switch len(keys) {
	case 0:
		p.diags.Errorf("services/kind", p.path(), "nothing says what service %q runs", p.p.Name).
			AtKey().Hintf("add exec: ['/path/of/the/program'], unit: 'NAME.service' or container: { image: … }")
	case 1:
	default:
		p.diags.Errorf("services/kind", p.path(keys[1]),
			"service %q has %s, of which one says what it runs", p.p.Name,
			wording.List(keys, "and")).Also(p.path(keys[0]), "the other one").Hintf("keep one of them")
	}
}

// commands finds commands that systemd does not run: it looks a program up by no
// search path of ours.
func (p program) commands() {
	for _, c := range []struct {
		key  string
		argv []string
	}{{"exec", p.p.Exec}, {"check", p.p.Check}, {"reload", p.p.Reload}} {
		if len(c.argv) == 0 {
			continue
		}
		path := p.path(c.key, 0)
		if !strings.HasPrefix(c.argv[0], "/") || strings.ContainsAny(c.argv[0], " \t\"'\\$%") {
			p.diags.Errorf("services/exec-path", path, "%q is not the absolute path of a program", c.argv[0]).
				Hintf("write the whole path, such as /usr/bin/python3, and each argument as a word of its own")
		} else if by := p.hides(c.argv[0]); by != "" && c.key != "reload" {
			p.diags.Errorf("services/hidden", path,
				"service %q does not see %s: its unit has %s", p.p.Name, c.argv[0], by).
				Hintf("put the program elsewhere, such as below /opt or /srv, or write lift: ['%s']", by)
		}
	}
}

// hides is the default of a unit of ours that keeps a program from seeing a file.
func (p program) hides(file string) string {
	for _, h := range []struct{ dir, by string }{
		{"/home/", "ProtectHome"}, {"/root/", "ProtectHome"}, {"/run/user/", "ProtectHome"},
		{"/tmp/", "PrivateTmp"}, {"/var/tmp/", "PrivateTmp"},
	} {
		if len(p.p.Exec) > 0 && strings.HasPrefix(file, h.dir) && !slices.Contains(p.p.Lift, h.by) {
			return h.by
		}
	}
	return ""
}

// owned are accounts that Debian or its packages make for programs of their own.
var owned = []string{
	"_apt", "_chrony", "_rpc", "avahi", "backup", "bin", "daemon", "dnsmasq", "frr", "games", "gnats", "haproxy", "irc",
	"libvirt-qemu", "list", "lp", "mail", "man", "messagebus", "mysql", "news", "nobody", "openvpn", "postgres", "prometheus",
	"proxy", "redis", "root", "snmp", "sshd", "sync", "sys", "syslog", "systemd-network", "systemd-resolve",
	"systemd-timesync", "uucp", "valkey", "varnish", "vcache", "varnishlog", "www-data",
}

func (p program) account() {
	if len(p.p.Exec) == 0 || slices.Contains(p.p.Lift, "User") {
		return
	}
	if slices.Contains(owned, p.p.User) {
		p.diags.Errorf("services/foreign-user", p.path("user"),
			"the account %q belongs to another program", p.p.User).
			Hintf("leave user out: the service gets an account of its own; lift: ['User'] runs it as root")
		return
	}
	if p.vm.PHP != nil && p.vm.PHP.User == p.p.User {
		p.diags.Errorf("services/foreign-user", p.path("user"),
			"the account %q is that of the php-fpm pool", p.p.User).
			Also(vmPath(p.vm, "php", "user"), "used here").Hintf("leave user out")
	}
}

// files finds files that the service cannot read, or is not told of.
func (p program) files() {
	for _, f := range p.p.Files {
		at := p.path("files", f.Path)
		if f.OnChange == "reload" && len(p.p.Reload) == 0 && p.p.Unit == "" {
			p.diags.Errorf("services/no-reload", diag.Join(at, "onChange"), "service %q has no reload", p.p.Name).
				Hintf("add reload: ['/bin/kill', '-HUP', '$MAINPID'], or write onChange: 'restart'")
		}
		if p.cannotRead(f) {
			p.diags.Errorf("services/unreadable", at,
				"service %q runs as %q, which may not read the file (%s:%s %04o)", p.p.Name,
				p.p.User, f.Owner, f.Group, f.Mode).AtKey().Hintf("add group: '%s' and mode: '0640'", p.p.User)
		} else if by := p.hides(f.Path); by != "" {
			p.diags.Errorf("services/hidden", at,
				"service %q does not see %s: its unit has %s", p.p.Name, f.Path, by).
				AtKey().Hintf("put the file elsewhere, such as below /etc or /srv, or write lift: ['%s']", by)
		}
	}
}

// cannotRead reports whether a file is closed to the account of a unit of ours.
func (p program) cannotRead(f topology.File) bool {
	return len(p.p.Exec) > 0 && !slices.Contains(p.p.Lift, "User") &&
		f.Owner != p.p.User && f.Group != p.p.User && f.Mode&0o004 == 0
}

// ports finds addresses that the VM does not have, and a check of the health of a
// port that the service does not open.
func (p program) ports() {
	var open []int
	for i, l := range p.p.Listens {
		open = append(open, l.Port)
		if a := l.Address; a.IsValid() && !a.IsLoopback() && !a.IsUnspecified() && !p.vm.Owns(a) {
			p.diags.Errorf("services/not-own-address", p.path("listens", i,
				"address"), "VM %q does not have the address %s",
				p.vm.Name, a).Also(vmPath(p.vm, "interfaces"), "its addresses").Hintf("leave it out, or write an address of the VM")
		}
	}
	if p.p.Container != nil {
		open = append(open, p.p.Container.Ports...)
	}
	if h := p.p.Health; h != nil && !slices.Contains(open, h.Port) {
		p.diags.Errorf("services/health-port", p.path("health"),
			"service %q does not listen on the port that is asked for its health",
			p.p.Name).Hintf("add the port to listens, or write port: with one of them")
	}
}

// container finds what a release cannot run, and an image that may change.
func (p program) container() {
	c := p.p.Container
	if c == nil {
		return
	}
	if p.vm.OS != "" && !release.Of(p.vm.OS).Quadlet {
		p.diags.Errorf("services/no-quadlet", p.path("container"),
			"podman of %s does not run containers as services", p.vm.OS).
			AtKey().Hintf("write os: '%s', or run the program without a container", firstWithQuadlet())
	}
	if !strings.Contains(c.Image, "@sha256:") {
		p.diags.Warningf("services/image-tag", p.path("container",
			"image"), "the image %q is named by a tag, which can come to mean another one",
			c.Image).Hintf("write it with its digest: podman image inspect --format '{{.Digest}}' %s", c.Image)
	}
}

func firstWithQuadlet() string {
	for _, r := range release.All() {
		if r.Quadlet {
			return r.Name
		}
	}
	return release.Newest().Name
}

// unused warns about words that only a unit of ours knows.
func (p program) unused() {
	if len(p.p.Exec) > 0 {
		return
	}
	for _, k := range []struct {
		key string
		has bool
	}{{"user", p.p.User != ""}, {"writes", len(p.p.Writes) > 0}, {"lift", len(p.p.Lift) > 0}} {
		if k.has {
			p.diags.Warningf("services/unused-word", p.path(k.key),
				"%s has no effect: service %q is no unit of ours", k.key, p.p.Name).
				AtKey().Hintf("remove it")
		}
	}
}

// sameUnit finds two services of a VM that are one unit.
func sameUnit(vm *topology.VM, diags *diag.List) {
	first := map[string]string{}
	for _, block := range vm.Blocks() {
		if name := vm.UnitOf(block); name != "" {
			first[name] = vmPath(vm, block)
		}
	}
	for i := range vm.Services {
		p := &vm.Services[i]
		path := vmPath(vm, "services", p.Name)
		if other, taken := first[p.UnitName()]; taken {
			diags.Errorf("services/same-unit", path,
				"%s is the unit of another service of %q", p.UnitName(), vm.Name).
				AtKey().Also(other, "this one").Hintf("give the service another name, or put what belongs to the other there")
			continue
		}
		first[p.UnitName()] = path
	}
}

// sameFile finds a file that two of a VM's services, or a service and the VM itself,
// each put in place.
func sameFile(vm *topology.VM, diags *diag.List) {
	first := map[string]string{}
	vm.EachFile(func(f *topology.File, path ...any) {
		at := vmPath(vm, path...)
		if other, taken := first[f.Path]; taken {
			diags.Errorf("services/same-file", at, "%s of %q is put in place twice", f.Path, vm.Name).
				AtKey().Also(other, "the other file").Hintf("keep one of them")
			return
		}
		first[f.Path] = at
	})
}

// afterMissing finds services that are to come after what is not there.
func afterMissing(t *topology.Topology, diags *diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, p := range vm.Services {
			for k, a := range p.After {
				on := vm
				if a.VM != "" {
					on = t.VM(a.VM)
				}
				if on == nil || on.UnitOf(a.Service) != "" { // a VM that is missing is a reference's finding
					continue
				}
				d := diags.Errorf("services/after", vmPath(vm,
					"services", p.Name, "after", k), "VM %q has no service %q", on.Name, a.Service).
					Also(vmPath(on), "the VM")
				suggest(d, a.Service, namesOf(on.Services, func(p topology.Program) string { return p.Name }))
			}
		}
	}
}

// afterCycles finds services of which each waits for the other.
func afterCycles(t *topology.Topology, diags *diag.List) {
	type place struct{ vm, service string }
	state := map[place]int{} // 1: on the way, 2: done
	var visit func(at place) bool
	visit = func(at place) bool {
		if state[at] != 0 {
			return state[at] == 1
		}
		state[at] = 1
		defer func() { state[at] = 2 }()
		vm := t.VM(at.vm)
		if vm == nil || vm.Program(at.service) == nil {
			return false
		}
		for k, a := range vm.Program(at.service).After {
			next := place{at.vm, a.Service}
			if a.VM != "" {
				next.vm = a.VM
			}
			if visit(next) {
				diags.Errorf("services/after-cycle", vmPath(vm, "services", at.service, "after", k),
					"%s/%s waits for %s/%s, which waits for it", at.vm, at.service, next.vm, next.service).
					Hintf("leave one of them out")
			}
		}
		return false
	}
	for i := range t.VMs {
		for _, p := range t.VMs[i].Services {
			visit(place{t.VMs[i].Name, p.Name})
		}
	}
}
