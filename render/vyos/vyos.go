// Package vyos renders a router as the commands that VyOS is configured with,
// and the script that commits them.
//
// It takes a checked topology and gives, for each VM with a router block whose
// platform is vyos, the list of `set` commands in the form in which the router
// prints its own configuration, so that the two can be compared line by line.
// One model feeds all releases; what differs between them is in the table of
// dialect.go. What names something that does not exist is reported by package
// schema; here is only what VyOS cannot express. Client profiles and keys are
// left to packages openvpn and pki.
package vyos

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports what VyOS cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for _, vm := range routers(t) {
		c := checker{t: t, vm: vm, d: dialectOf(vm.Router.Version), base: diag.Path("vms", vm.Name), diags: &diags}
		c.interfaces()
		c.nat()
		c.firewall()
		c.openvpn()
		c.extra()
	}
	return diags
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range routers(t) {
		files, err := files(t, vm)
		if err != nil {
			return artifact.Set{}, fmt.Errorf("router %s: %w", vm.Name, err)
		}
		set.Files = append(set.Files, files...)
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// routers are the VMs that run VyOS.
func routers(t *topology.Topology) []*topology.VM {
	var vms []*topology.VM
	for i := range t.VMs {
		if r := t.VMs[i].Router; r != nil && r.Platform == "vyos" {
			vms = append(vms, &t.VMs[i])
		}
	}
	return vms
}

func files(t *topology.Topology, vm *topology.VM) ([]artifact.File, error) {
	commands, err := list(vm, commands(t, vm))
	if err != nil {
		return nil, err
	}
	script, err := templates.Text(templates.Must("vyos/commit.sh.tmpl"), struct{ Header, Router string }{artifact.Header, vm.Name})
	if err != nil {
		return nil, err
	}
	list := artifact.File{Machine: vm.Name, Path: "vyos/commands.txt", Content: commands, Step: stepName}
	files := []artifact.File{{Machine: vm.Name, Path: "vyos/commit.sh", Content: script, Script: true, Step: stepName}}
	if dialectOf(vm.Router.Version).has(keyStore) {
		list.Secrets = stored(vm)
	} else {
		files = append(files, keyFiles(vm)...)
	}
	return append(files, list), nil
}

const stepName = "router"

// step looks at the running configuration afterwards: a commit can leave out
// what it could not do.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary: "VyOS configuration",
		Apply:   []string{"bash vyos/commit.sh"},
		Verify:  []string{"bash vyos/commit.sh --verify"},
		Guarded: true,
	}
}

// commands are all commands of a router but the user's own, in VyOS's order.
func commands(t *topology.Topology, vm *topology.VM) []command {
	var c config
	b := builder{t: t, vm: vm, d: dialectOf(vm.Router.Version), root: c.root()}
	b.interfaces()
	b.system()
	b.routes()
	b.nat()
	b.firewall()
	b.openvpn()
	return c.sorted()
}

// builder translates one router.
type builder struct {
	t    *topology.Topology
	vm   *topology.VM
	d    dialect
	root node
}

// list writes commands one a line, the user's own after ours.
func list(vm *topology.VM, commands []command) (string, error) {
	lines := []string{"# " + artifact.Header, "# The configuration of " + vm.Name + ", " + releaseName(vm.Router.Version) + "."}
	for _, c := range commands {
		line, err := c.line()
		if err != nil {
			return "", err
		}
		lines = append(lines, line)
	}
	if extra := vm.Router.ExtraCommands; len(extra) > 0 {
		lines = slices.Concat(lines, []string{"# From extraCommands, unchecked."}, extra)
	}
	return strings.Join(lines, "\n") + "\n", nil
}
