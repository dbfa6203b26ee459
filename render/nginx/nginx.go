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
	"slices"
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
		port int
		name string
	}
	first := map[name]string{}
	for _, s := range vm.Nginx.Sites {
		use := func(n, path string) {
			if other, taken := first[name{s.Listen, n}]; taken {
				diags.Errorf("nginx/server-name", path, "%q already has a site on port %d", n, s.Listen).
					Also(other, "already used here").Hintf("give each name to one site of a port")
				return
			}
			first[name{s.Listen, n}] = path
		}
		use(s.ServerName, sitePath(vm, s, "serverName"))
		for i, alias := range s.Aliases {
			use(alias, sitePath(vm, s, "aliases", i))
		}
	}
}

func checkDefaults(vm *topology.VM, diags *diag.List) {
	first := map[int]string{}
	for _, s := range vm.Nginx.Sites {
		if !s.DefaultServer {
			continue
		}
		path := sitePath(vm, s, "defaultServer")
		if other, taken := first[s.Listen]; taken {
			diags.Errorf("nginx/default-server", path, "port %d already has a default server", s.Listen).
				Also(other, "already used here").Hintf("leave it to one site of a port")
			continue
		}
		first[s.Listen] = path
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
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}
