// Package nginx renders the sites of a VM's web server.
//
// It takes a checked topology and gives a server block for each site, and the
// step that enables them. What runs PHP is left to package php, the documents
// to package files.
//
// There is no quoting: nginx has no way to write a dollar sign, so the schema
// lets no character with a meaning into a name or path that comes here.
package nginx

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports what nginx cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Nginx == nil {
			continue
		}
		checkNames(vm, &diags)
		checkDefaults(vm, &diags)
		for _, s := range vm.Nginx.Sites {
			checkListen(vm, s, &diags)
			checkIndex(vm, s, &diags)
			if s.Extra != "" {
				diags.Warningf("nginx/extra", sitePath(vm, s, "extra"),
					"these directives are used as they are; only nginx checks them")
			}
		}
	}
	return diags
}

func sitePath(vm *topology.VM, s topology.Site, tokens ...any) string {
	return diag.Join(diag.Path("vms", vm.Name, "nginx", "sites", s.Name), tokens...)
}

// checkNames finds a name that two sites of a port answer to, or one twice:
// nginx warns, and ignores the second.
func checkNames(vm *topology.VM, diags *diag.List) {
	type name struct {
		listen string
		name   string
	}
	first := map[name]string{}
	for _, s := range vm.Nginx.Sites {
		use := func(n, path string) {
			if other, taken := first[name{listenOf(s), n}]; taken {
				diags.Errorf("nginx/server-name", path, "%q already has a site on port %s", n, listenOf(s)).
					Also(other, "already used here").Hintf("give each name to one site of a port")
				return
			}
			first[name{listenOf(s), n}] = path
		}
		use(s.ServerName, sitePath(vm, s, "serverName"))
		for i, alias := range s.Aliases {
			use(alias, sitePath(vm, s, "aliases", i))
		}
	}
}

func checkDefaults(vm *topology.VM, diags *diag.List) {
	first := map[string]string{}
	for _, s := range vm.Nginx.Sites {
		if !s.DefaultServer {
			continue
		}
		path := sitePath(vm, s, "defaultServer")
		if other, taken := first[listenOf(s)]; taken {
			diags.Errorf("nginx/default-server", path, "port %s already has a default server", listenOf(s)).
				Also(other, "already used here").Hintf("leave it to one site of a port")
			continue
		}
		first[listenOf(s)] = path
	}
}

// listenOf is where a site listens, as nginx has it: a port, or an address with one.
func listenOf(s topology.Site) string {
	if s.Address.IsValid() {
		return netip.AddrPortFrom(s.Address, uint16(s.Listen)).String()
	}
	return strconv.Itoa(s.Listen)
}

const httpsPort = 443

// checkListen finds a site that nobody reaches: at an address that the VM does not
// have, or without TLS where browsers begin with it.
func checkListen(vm *topology.VM, s topology.Site, diags *diag.List) {
	path := sitePath(vm, s, "listen")
	if s.Address.IsValid() && !vm.Owns(s.Address) {
		diags.Errorf("nginx/listen", path, "VM %q does not have the address %s, and nginx does not start", vm.Name,
			s.Address).
			Also(diag.Path("vms", vm.Name, "interfaces"), "its addresses").Hintf("write listen: %d for all of them", s.Listen)
	}
	if s.Listen == httpsPort && s.TLS == nil {
		diags.Errorf("nginx/plain-443", path, "site %q speaks plain HTTP on port 443, where everybody speaks TLS", s.Name).
			Hintf("add tls: { certificate: … }, or write listen: 80")
	}
}

// checkIndex finds a file that nginx does not look for: one that is no file of the
// folder ends the search.
func checkIndex(vm *topology.VM, s topology.Site, diags *diag.List) {
	for i, file := range s.Index[:len(s.Index)-1] {
		if strings.HasPrefix(file, "/") {
			diags.Errorf("nginx/index", sitePath(vm, s, "index", i),
				"%q is the same for all folders: what follows is never looked for", file).
				Hintf("put it last, or write it without the slash")
		}
	}
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	fronts, scripts := frontsOf(t), scriptTexts{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Nginx == nil {
			continue
		}
		for _, s := range vm.Nginx.Sites {
			path := siteFile(s.Name)
			if err := add(&set, vm, path, "nginx/site.conf.tmpl", siteOf(t, fronts, vm, s)); err != nil {
				return artifact.Set{}, err
			}
		}
		if err := addUnknown(&set, vm); err != nil {
			return artifact.Set{}, err
		}
		if names := namesOf(vm); names != nil {
			if err := add(&set, vm, "etc/nginx/conf.d/server-names.conf", "nginx/server-names.conf.tmpl", names); err != nil {
				return artifact.Set{}, err
			}
		}
		script, err := scripts.of(vm)
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files,
			artifact.File{Machine: vm.Name, Path: "nginx/sites.sh", Format: artifact.Shell, Content: script,
				Script: true, Step: "nginx"})
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// siteFile is the file of a site, below the machine's folder.
func siteFile(site string) string { return "etc/nginx/sites-available/" + site + ".conf" }

func add(set *artifact.Set, vm *topology.VM, path, template string, view any) error {
	file := artifact.File{Machine: vm.Name, Path: path, Format: artifact.Nginx, Step: "nginx"}.Installed()
	file, err := templates.File(file, template, view)
	set.Files = append(set.Files, file)
	return err
}

// step asks the kernel about the ports: a reload that cannot listen on one is
// only seen in the log.
func step(vm *topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: "nginx", Phase: artifact.Web,
		Summary:  "nginx, " + strings.Join(siteNames(vm), " "),
		Packages: []string{"nginx"},
		Makes:    artifact.Units("nginx.service"),
		Check:    []string{"sh nginx/sites.sh"},
		Apply:    []string{"systemctl reload-or-restart nginx.service"},
	}
	if vm.PHP != nil {
		s.After = []string{vm.Name + "/php"}
	}
	for _, port := range listenPorts(vm) {
		s.Verify = append(s.Verify, shell.Until(10, fmt.Sprintf(`ss -Hltnp sport = :%d | grep -F nginx`, port),
			fmt.Sprintf("nginx does not listen on port %d", port)))
	}
	return s
}

func siteNames(vm *topology.VM) (names []string) {
	for _, s := range vm.Nginx.Sites {
		names = append(names, s.Name)
	}
	return names
}

func listenPorts(vm *topology.VM) (ports []int) {
	for _, s := range vm.Nginx.Sites {
		ports = append(ports, s.Listen)
		if s.TLS != nil {
			ports = append(ports, s.TLS.Listen)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}
