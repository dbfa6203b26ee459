// Package vyos renders a router as the commands that VyOS is configured with,
// and the script that commits them.
//
// It takes a checked topology and gives, for each VM with a router block whose
// platform is vyos, the list of `set` commands in the form in which the router
// prints its own configuration, so that the two can be compared line by line.
// One model feeds all releases; what differs between them is in the table of
// dialect.go. What names something that does not exist is reported by package
// schema; here is only what VyOS cannot express. Client profiles and keys are
// left to packages openvpn, wireguard and pki.
package vyos

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Check reports what VyOS cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for _, vm := range t.RoutersOn("vyos") {
		c := checker{t: t, vm: vm, d: dialectOf(vm.Router.Version), base: diag.Path("vms", vm.Name), diags: &diags}
		c.interfaces()
		c.vrrp()
		c.protocols()
		c.links()
		c.nat()
		c.firewall()
		c.openvpn()
		c.wireGuard()
		c.ipsec()
		c.dhcp()
		c.dns()
		c.management()
		c.extra()
		c.seed()
	}
	return diags
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("vyos") {
		files, err := filesOf(t, vm)
		if err != nil {
			return artifact.Set{}, fmt.Errorf("router %s: %w", vm.Name, err)
		}
		set.Files = append(set.Files, files...)
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// filesOf are those of one router. Keys are filled in where they stand: in the
// list, or in files of their own.
func filesOf(t *topology.Topology, vm *topology.VM) ([]artifact.File, error) {
	commands := commandsOf(t, vm)
	lines, err := linesOf(commands)
	if err != nil {
		return nil, err
	}
	script, err := scriptFile(vm)
	if err != nil {
		return nil, err
	}
	lines = append(lines, vm.Router.ExtraCommands...)
	d := dialectOf(vm.Router.Version)
	files := []artifact.File{script,
		{Machine: vm.Name, Path: commandsPath, Format: artifact.VyOSCommands, Content: list(vm, lines),
			Step: stepName}}
	if d.has(bootFiles) {
		files = append(files,
			artifact.File{Machine: vm.Name, Path: "vyos/config.boot", Format: artifact.VyOSBoot,
				Content: bootFile(vm, commands)},
			artifact.File{Machine: vm.Name, Path: "vyos/user-data", Format: artifact.CloudConfig, Content: userData(vm, lines)})
	}
	for i := range files[1:] {
		files[1+i].Secrets = stored(vm, d)
	}
	if !d.has(keyStore) {
		files = slices.Concat(files, keyFiles(vm), wireGuardFiles(vm))
	}
	return files, nil
}

const (
	stepName     = "router"
	commandsPath = "vyos/commands.txt"
)

// step tries the configuration: it is saved when apply has come back over a new
// connection. It looks at what runs: a commit can leave out what it could not do.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary: "VyOS configuration",
		Apply:   []string{"bash vyos/commit.sh --try"},
		Verify:  []string{"bash vyos/commit.sh --verify"},
		Guarded: true,
		Confirm: []string{"bash vyos/commit.sh --confirm"},
		Undo:    []string{"bash vyos/commit.sh --undo"},
	}
}

// commandsOf are all commands of a router but the user's own, in VyOS's order.
func commandsOf(t *topology.Topology, vm *topology.VM) []command {
	var c config
	b := builder{t: t, vm: vm, d: dialectOf(vm.Router.Version), root: c.root()}
	b.interfaces()
	b.system()
	b.dhcp()
	b.dns()
	b.management()
	b.routes()
	b.vrrp()
	b.bgp()
	b.ospf()
	b.routerAdverts()
	b.shapers()
	b.nat()
	b.firewall()
	b.openvpn()
	b.wireGuard()
	b.ipsec()
	return c.sorted()
}

// builder translates one router.
type builder struct {
	t    *topology.Topology
	vm   *topology.VM
	d    dialect
	root node
}

// linesOf are commands as VyOS prints them.
func linesOf(commands []command) ([]string, error) {
	lines := make([]string, len(commands))
	for i, c := range commands {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		lines[i] = line
	}
	return lines, nil
}

// list is a file of commands, one a line.
func list(vm *topology.VM, lines []string) string {
	head := []string{"# " + artifact.Header,
		"# The configuration of " + vm.Name + ", " + releaseName(vm.Router.Version) + "."}
	return strings.Join(slices.Concat(head, lines, []string{end}), "\n") + "\n"
}
