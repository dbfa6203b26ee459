// Package php renders the php-fpm pool of a VM and the account it runs as.
//
// It takes a checked topology and gives the pool's file and the steps that
// bring it up. Whose requests the pool serves is left to package nginx, the
// programs it runs to package files.
package php

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports what php-fpm cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.PHP == nil {
			continue
		}
		if vm.PHP.Pool == "global" {
			diags.Errorf("php/pool-name", diag.Path("vms", vm.Name, "php", "pool"),
				"%q is the section of php-fpm's own settings", vm.PHP.Pool).
				Hintf("choose another name, such as 'app'")
		}
		if vm.PHP.User == "root" {
			diags.Errorf("php/user", diag.Path("vms", vm.Name, "php", "user"), "php-fpm runs no pool as root").
				Hintf("name another account, such as 'www-data'")
		}
		for _, e := range vm.PHP.Env {
			checkEnv(t, vm, e, &diags)
		}
	}
	return diags
}

func checkEnv(t *topology.Topology, vm *topology.VM, e topology.Env, diags *diag.List) {
	path := diag.Path("vms", vm.Name, "php", "env", e.Name)
	if fromRequest(e.Name) {
		diags.Errorf("php/env-name", path, "the web server gives each request a %q of its own, which hides this one", e.Name).
			AtKey().Hintf("choose another name, such as %q", "APP_"+e.Name)
	}
	if why := unwritable(e.Value); why != "" {
		diags.Errorf("php/env-value", path, "php-fpm cannot hold this value: %s", why).
			Hintf("write it in another way, such as in base64, for the application to decode")
	}
	if t.VM(e.VM) != nil && !t.AddressOf(vm, e.VM).IsValid() {
		diags.Errorf("php/env-address", diag.Join(path, "vm"), "VM %q has no address", e.VM).
			Hintf("give an interface of %q an address", e.VM)
	}
}

// requestNames are what nginx's fastcgi_params and our location set. In PHP the
// parameters of a request come before the environment of the pool.
var requestNames = map[string]bool{
	"QUERY_STRING": true, "REQUEST_METHOD": true, "CONTENT_TYPE": true, "CONTENT_LENGTH": true,
	"SCRIPT_NAME": true, "SCRIPT_FILENAME": true, "REQUEST_URI": true, "DOCUMENT_URI": true, "DOCUMENT_ROOT": true,
	"SERVER_PROTOCOL": true, "REQUEST_SCHEME": true, "HTTPS": true, "GATEWAY_INTERFACE": true, "SERVER_SOFTWARE": true,
	"REMOTE_ADDR": true, "REMOTE_PORT": true, "REMOTE_USER": true, "SERVER_ADDR": true, "SERVER_PORT": true,
	"SERVER_NAME": true, "REDIRECT_STATUS": true,
}

// fromRequest also knows the headers of a request: anybody could set a variable
// of such a name.
func fromRequest(name string) bool { return requestNames[name] || strings.HasPrefix(name, "HTTP_") }

// poolView is what the template shows; its strings are quoted.
type poolView struct {
	Pool        string
	User        string
	Listen      string
	MaxChildren int
	Env         [][2]string
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.PHP == nil {
			continue
		}
		file, err := pool(t, vm)
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, file)
		if vm.PHP.User != "www-data" {
			set.Steps = append(set.Steps, account(vm))
		}
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// pool is not for all to read: it holds the secrets of the application. The
// master process, which reads it, is root.
func pool(t *topology.Topology, vm *topology.VM) (artifact.File, error) {
	file := artifact.File{
		Machine: vm.Name, Step: "php", Format: artifact.PHPPool + artifact.Format(vm.PHP.Version),
		Path: "etc/php/" + vm.PHP.Version + "/fpm/pool.d/" + vm.PHP.Pool + ".conf",
	}
	view := poolView{
		Pool: vm.PHP.Pool, User: quote(vm.PHP.User), Listen: quote(vm.PHP.Socket()), MaxChildren: vm.PHP.MaxChildren,
	}
	for _, e := range vm.PHP.Env {
		if e.Secret != "" {
			file.Secrets = append(file.Secrets, artifact.Secret{Name: string(e.Secret), Encoding: artifact.INI})
		}
		view.Env = append(view.Env, [2]string{quote(e.Name), envValue(t, vm, e)})
	}
	return templates.File(file.Private(), "php/pool.conf.tmpl", view)
}

// envValue is what the variable is in the file, in its quotes.
func envValue(t *topology.Topology, vm *topology.VM, e topology.Env) string {
	switch {
	case e.Secret != "":
		return `"` + artifact.Secret{Name: string(e.Secret), Encoding: artifact.INI}.PlaceHolder() + `"`
	case e.VM != "":
		return quote(t.AddressOf(vm, e.VM).String())
	}
	return quote(e.Value)
}

// account makes the user that owns the pool's processes. It comes before files,
// which may belong to it.
func account(vm *topology.VM) artifact.Step {
	user := shell.Quote(vm.PHP.User)
	return artifact.Step{
		Machine: vm.Name, Name: "account", Phase: artifact.Guest,
		Summary: "account " + vm.PHP.User,
		Makes:   artifact.Users(vm.PHP.User),
		Apply:   []string{fmt.Sprintf("id -u %s >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin %[1]s", user)},
		Verify:  []string{"id -u " + user + " >/dev/null"},
	}
}

// step believes the kernel about the socket: a reload that fails is only seen
// in the log.
func step(vm *topology.VM) artifact.Step {
	fpm := "php" + vm.PHP.Version + "-fpm"
	s := artifact.Step{
		Machine: vm.Name, Name: "php", Phase: artifact.Web,
		Summary:  "PHP " + vm.PHP.Version + ", pool " + vm.PHP.Pool,
		Packages: []string{fpm},
		Makes:    artifact.Units(fpm + ".service"),
		Check:    []string{fmt.Sprintf(`out=$(php-fpm%s -t 2>&1) && [[ $out != *WARNING* ]] || { printf '%%s\n' "$out" >&2; exit 1; }`, vm.PHP.Version)},
		Apply:    []string{"systemctl reload-or-restart " + fpm + ".service"},
		Verify: []string{
			shell.Until(10, fmt.Sprintf(`[ -n "$(ss -Hlx src = %s)" ]`, shell.Quote(vm.PHP.Socket())),
				"php-fpm does not listen on "+vm.PHP.Socket()),
			systemd.IsActive(fpm + ".service"),
		},
	}
	for _, e := range vm.PHP.Extensions {
		s.Packages = append(s.Packages, "php"+vm.PHP.Version+"-"+e)
	}
	slices.Sort(s.Packages)
	return s
}
