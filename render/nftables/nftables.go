// Package nftables renders a router on Debian: its packet filter and address
// translation as one nftables ruleset, the kernel's settings for forwarding, and
// the step that brings both into effect.
//
// It takes a checked topology and gives these files for each VM with a router
// block whose platform is debian. Rules mean what they mean to VyOS: destination
// translation comes first, "in" and "out" see what is forwarded, "local" what is
// for the router itself, and established connections are decided before any
// ruleset. Interfaces are left to packages ifupdown and guest, VPN servers to
// package openvpn. The syntax is that of nft(8), version 1.0.6.
package nftables

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const (
	rulesetPath = "etc/nftables.conf"
	sysctlPath  = "etc/sysctl.d/60-router.conf"
)

// Check reports what a router on Debian cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for _, vm := range t.RoutersOn("debian") {
		c := checker{t: t, vm: vm, path: diag.Path("vms", vm.Name), diags: &diags}
		c.extra()
		c.nat()
	}
	return diags
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		rules, err := templates.File(installed(vm, rulesetPath, artifact.Nftables),
			"nftables/nftables.conf.tmpl", rulesetView(t, vm))
		if err != nil {
			return artifact.Set{}, err
		}
		settings := installed(vm, sysctlPath, artifact.Sysctl)
		settings.Content = sysctl(vm)
		set.Files = append(set.Files, rules, settings)
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

const stepName = "router"

// installed is a file of a router, to be filled.
func installed(vm *topology.VM, path string, format artifact.Format) artifact.File {
	return artifact.File{Machine: vm.Name, Path: path, Format: format, Step: stepName}.Installed()
}

// sysctl makes the kernel forward, and answer pings or not, as VyOS does.
func sysctl(vm *topology.VM) string {
	ignore := 1
	if vm.Router.Firewall.AllPing {
		ignore = 0
	}
	return fmt.Sprintf("# %s\n# %s is a router.\nnet.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\nnet.ipv4.icmp_echo_ignore_all = %d\n",
		artifact.Header, vm.Name, ignore)
}

// step reloads: a restart of the unit would leave the router without filter for
// a moment.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "packet filter and address translation",
		After:    []string{vm.Name + "/system"},
		Packages: []string{"nftables", "procps"},
		Check:    []string{"nft --check --file /" + rulesetPath},
		Apply:    append([]string{"sysctl --quiet --load=/" + sysctlPath}, systemd.Reload("nftables.service")...),
		Verify: []string{
			`[ "$(sysctl --values net.ipv4.ip_forward)" = 1 ]`,
			"nft list table ip stackgen-nat > /dev/null",
			"nft list table ip stackgen-filter > /dev/null",
		},
		Guarded: true,
	}
}
