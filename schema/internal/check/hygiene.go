package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"
	"stackgen/schema/topology"
)

// checkHygiene warns about what works, but will be regretted: what nobody uses,
// secrets in plain sight, and copies that take themselves for the original.
func checkHygiene(t *topology.Topology) (diags diag.List) {
	u := usedNames{}
	u.collect(t)
	u.unused(t, &diags)
	for i := range t.VMs {
		plainSecrets(&t.VMs[i], &diags)
	}
	copies(t, &diags)
	return diags
}

// usedNames holds the paths of what something refers to.
type usedNames map[string]bool

func (u usedNames) network(name string) { u[diag.Path("networks", name)] = true }

func (u usedNames) collect(t *topology.Topology) {
	for _, h := range t.Hosts {
		for _, b := range h.Bridges {
			u.network(b.Network)
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, iface := range vm.Interfaces {
			u.network(iface.Network)
		}
		for _, d := range vm.Disks {
			u[diag.Path("images", d.Image)] = true
			u[diag.Path("hosts", vm.Host, "pools", d.Pool)] = true
		}
		if vm.Install != nil {
			u[diag.Path("images", vm.Install.CDROM)] = true
		}
	}
}

// unused reports what nothing refers to. The pool default is libvirt's own.
func (u usedNames) unused(t *topology.Topology, diags *diag.List) {
	warn := func(path, kind, name, hint string) {
		if !u[path] {
			diags.Warningf("hygiene/unused", path, "nothing uses %s %q", kind, name).AtKey().Hintf("%s", hint)
		}
	}
	for _, n := range t.Networks {
		warn(diag.Path("networks", n.Name), "network", n.Name, "put an interface on it, or remove it")
	}
	for _, i := range t.Images {
		warn(diag.Path("images", i.Name), "image", i.Name, "make a disk from it, or remove it")
	}
	for i := range t.Hosts {
		for _, p := range t.Hosts[i].Pools {
			if p.Name != "default" {
				warn(hostPath(&t.Hosts[i], "pools", p.Name), "pool", p.Name, "put a disk into it, or remove it")
			}
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router != nil {
			u.firewall(vm, warn)
		}
		if vm.PHP != nil {
			u[vmPath(vm, "php")] = runsPHP(vm)
			warn(vmPath(vm, "php"), "the php block of", vm.Name, "write php: true in a site, or remove it")
		}
	}
}

// runsPHP reports whether a site uses the pool of a VM, in our words or its own.
func runsPHP(vm *topology.VM) bool {
	if vm.Nginx == nil {
		return false
	}
	for _, s := range vm.Nginx.Sites {
		if s.PHP || fastCGISocket().MatchString(s.Extra) {
			return true
		}
	}
	return false
}

// plainSecret matches text that gives a password away: in a call that connects
// to a database, in SQL, in an assignment, or as a private key.
var plainSecret = pattern.Lazy(`(?i)` +
	`mysqli?_p?connect\s*\(\s*["'][^"']*["']\s*,\s*["'][^"']*["']\s*,\s*["'][^"']+["']` +
	`|new\s+PDO\s*\([^;]*["']\s*,\s*["'][^"']*["']\s*,\s*["'][^"']+["']` +
	`|identified\s+by\s+["'][^"']+["']` +
	`|(?:passw(?:or)?d|secret|api_?key|token)\b["']?\s*(?:=>|=|:)\s*["'][^"'$<>{}\s]{4,}["']` +
	`|-----BEGIN [A-Z ]*PRIVATE KEY-----`)

// plainSecrets warns about secrets that stand in the topology, and so in git and
// in the rendered files. They are not repeated here.
func plainSecrets(vm *topology.VM, diags *diag.List) {
	vm.Variables(func(e *topology.Env, path ...any) {
		if e.VM == "" && e.Secret == "" && e.Value != "" && diag.NamesSecret(e.Name) {
			diags.Warningf("hygiene/plain-secret", vmPath(vm, path...),
				"the value of %q looks like a secret, and is written out", e.Name).
				Hide().Hintf("write { secret: 'NAME' }; apply asks for the value by that name")
		}
	})
	vm.EachFile(func(f *topology.File, path ...any) {
		if plainSecret().MatchString(f.Content) {
			diags.Warningf("hygiene/plain-secret", vmPath(vm, append(path, "content")...),
				"the file has what looks like a secret, written out").
				Hide().Hintf("let the program read it from its environment: php: { env: { …: { secret: 'NAME' } } }")
		}
	})
}

// copies finds VMs that are one machine twice: made from one image without being
// told who they are.
func copies(t *topology.Topology, diags *diag.List) {
	first := map[string]*topology.VM{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if len(vm.Disks) > 0 && vm.Disks[0].Image != "" && vm.Provision == "none" {
			sharedIdentity(first, vm, diags)
		}
	}
}

// sharedIdentity warns about a second copy that nobody makes a machine of its own.
func sharedIdentity(first map[string]*topology.VM, vm *topology.VM, diags *diag.List) {
	image := vm.Disks[0].Image
	other := first[image]
	if other == nil {
		first[image] = vm
		return
	}
	diags.Warningf("hygiene/shared-identity", vmPath(vm, "disks", vm.Disks[0].Name, "image"), "%q and %q are copies of image %q with one machine-id and one set of SSH host keys", vm.Name, other.Name, image).
		Also(vmPath(other), "the other copy").
		Hintf("write provision: 'offline' and os, so that each gets its own")
}
