// Package certificates renders how a machine gets the certificates that its
// services name, and their keys.
//
// It takes a checked topology and gives, for each VM, the files of those from
// secrets; for those by ACME a script that puts a placeholder where there is
// nothing yet, asks the authority and hands over what it gave; and the steps
// that use it. Debian's certbot asks: its package has the timer that renews, and
// its own record of what to renew. Which server shows a certificate is left to
// the packages nginx and varnish.
package certificates

import (
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check has nothing to say: what is wrong with a certificate is so for any target.
func Check(*topology.Topology) diag.List { return nil }

// scriptPath is where certbot's timer finds the script.
const scriptPath = "usr/local/lib/stackgen/certificates"

// scriptView is what the template of the script shows; names are quoted.
type scriptView struct {
	Names   string // of the certificates by ACME
	Nginx   bool
	Hitch   bool
	Webroot bool // nginx answers the challenge, and not certbot itself
	Port    int  // where certbot does
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		used := t.CertificatesOf(vm)
		if len(used) == 0 {
			continue
		}
		for _, c := range used {
			if c.ACME == nil {
				set.Files = append(set.Files, fromSecrets(vm, c)...)
			}
		}
		acme := byACME(used)
		if len(acme) > 0 {
			files, err := script(vm, acme)
			if err != nil {
				return artifact.Set{}, err
			}
			set.Files = append(set.Files, files...)
			set.Steps = append(set.Steps, ask(vm, acme))
		}
		set.Steps = append(set.Steps, place(vm, used, acme))
	}
	return set, nil
}

func byACME(used []*topology.Certificate) (acme []*topology.Certificate) {
	for _, c := range used {
		if c.ACME != nil {
			acme = append(acme, c)
		}
	}
	return acme
}

// inCache reports whether the cache of a VM has a certificate: hitch wants key and
// chain in one file.
func inCache(vm *topology.VM, c *topology.Certificate) bool {
	return slices.ContainsFunc(vm.CertificateUses(), func(u topology.CertificateUse) bool {
		return u.Cache && u.Certificate == c.Name
	})
}

// fromSecrets are the files of a certificate whose values apply puts there.
func fromSecrets(vm *topology.VM, c *topology.Certificate) (files []artifact.File) {
	chain := artifact.Secret{Name: string(c.Certificate), Encoding: artifact.PEM}
	key := artifact.Secret{Name: string(c.Key), Encoding: artifact.PEM}
	add := func(path string, secrets ...artifact.Secret) {
		f := artifact.File{Machine: vm.Name, Path: path[1:], Format: artifact.KeyFile, Step: "certificates",
			Secrets: secrets}
		for _, s := range secrets {
			f.Content += s.PlaceHolder() + "\n"
		}
		files = append(files, f.Private())
	}
	add(c.PrivateKey(), key)
	add(c.Chain(), chain)
	if inCache(vm, c) {
		add(c.Bundle(), key, chain)
	}
	return files
}

// script gives the script, and has it run after each round of certbot's timer: what
// a power cut kept from being handed over is handed over by the next.
func script(vm *topology.VM, acme []*topology.Certificate) ([]artifact.File, error) {
	view := scriptView{Nginx: vm.Nginx != nil, Port: topology.ChallengePort, Webroot: vm.Varnish == nil}
	var names []string
	for _, c := range acme {
		names = append(names, c.Name)
		view.Hitch = view.Hitch || inCache(vm, c)
	}
	view.Names = shell.Quote(strings.Join(names, " "))
	file := artifact.File{Machine: vm.Name, Path: scriptPath, Format: artifact.Shell, Script: true, Step: "certificates"}
	file = file.Installed()
	file.Install.Mode = 0o755
	file, err := templates.File(file, "certificates/certificates.sh.tmpl", view)
	if err != nil {
		return nil, err
	}
	unit := artifact.File{Machine: vm.Name, Path: "etc/systemd/system/certbot.service.d/deploy.conf",
		Format: artifact.SystemdUnit, Step: "certificates"}
	unit, err = templates.File(unit.Installed(), "certificates/deploy.conf.tmpl", "/"+scriptPath)
	return []artifact.File{file, unit}, err
}

// place comes before the servers: none starts with a certificate that is not there.
// A server that runs already reads what is new.
func place(vm *topology.VM, used, acme []*topology.Certificate) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: "certificates", Phase: artifact.Guest,
		Summary:  "certificates " + strings.Join(namesOf(used), " ") + ", or placeholders",
		Packages: []string{"openssl"},
	}
	if len(acme) > 0 {
		s.Packages = []string{"certbot", "openssl"}
		s.Apply = append(s.Apply, "systemctl daemon-reload", "sh /"+scriptPath+" placeholders")
		for _, c := range acme {
			s.Makes = append(s.Makes, artifact.Thing{Kind: "certificate", Words: []string{c.Name}})
		}
	}
	if len(acme) < len(used) {
		s.Apply = append(s.Apply, reloads(vm)...)
	}
	for _, c := range used {
		s.Verify = append(s.Verify, pair(c))
	}
	return s
}

// reloads has the servers that run read their certificates.
func reloads(vm *topology.VM) (lines []string) {
	line := func(unit, test string) string {
		return "if systemctl --quiet is-active " + unit + "; then " + test + " && systemctl reload " + unit + "; fi"
	}
	if vm.Nginx != nil {
		lines = append(lines, line("nginx.service", "nginx -t -q"))
	}
	if vm.Varnish != nil {
		lines = append(lines, line("hitch.service", "hitch -t --config /etc/hitch/hitch.conf"))
	}
	return lines
}

// pair sees that a key is that of its certificate.
func pair(c *topology.Certificate) string {
	chain, key := shell.Quote(c.Chain()), shell.Quote(c.PrivateKey())
	return `[ "$(openssl x509 -in ` + chain + ` -noout -pubkey)" = "$(openssl pkey -in ` + key + ` -pubout)" ] || ` +
		`{ echo ` + shell.Quote(c.Name+": the key is not that of the certificate") + ` >&2; exit 1; }`
}

func namesOf(list []*topology.Certificate) (all []string) {
	for _, c := range list {
		all = append(all, c.Name)
	}
	return all
}

// ask comes last, when the names lead through router and cache to whoever answers
// the challenge.
func ask(vm *topology.VM, acme []*topology.Certificate) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: "acme", Phase: artifact.Certificates,
		Summary: "certificates by ACME: " + strings.Join(namesOf(acme), " "),
	}
	for _, c := range acme {
		words := append([]string{"sh", "/" + scriptPath, "ask", c.Name, c.ACME.Directory, c.ACME.Email}, c.Names...)
		s.Apply = append(s.Apply, shell.Join(words...))
		s.Verify = append(s.Verify, shell.Join("sh", "/"+scriptPath, "given", c.Name))
	}
	return s
}
