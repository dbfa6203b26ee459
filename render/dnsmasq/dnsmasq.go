// Package dnsmasq renders the DHCP servers and the DNS forwarder of a router on
// Debian as one configuration of dnsmasq(8), and the step that starts it.
//
// It takes a checked topology and gives a file for each VM with a router block
// whose platform is debian that has one of the two. Packet filters are left to
// package nftables. The options are those of dnsmasq 2.90.
package dnsmasq

import (
	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// path is where Debian's unit has dnsmasq look for configuration.
const path = "etc/dnsmasq.d/router.conf"

const (
	stepName = "dnsmasq"
	unit     = "dnsmasq.service"
)

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range routers(t) {
		file := artifact.File{Machine: vm.Name, Path: path, Format: artifact.Dnsmasq, Step: stepName}.Installed()
		file, err := templates.File(file, "dnsmasq/router.conf.tmpl", viewOf(t, vm))
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, file)
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// routers are the Debian machines that serve DHCP or DNS.
func routers(t *topology.Topology) []*topology.VM {
	var vms []*topology.VM
	for _, vm := range t.RoutersOn("debian") {
		if len(vm.Router.DHCPServers) > 0 || vm.Router.DNSForwarding != nil {
			vms = append(vms, vm)
		}
	}
	return vms
}

// step restarts: dnsmasq reads its configuration at start only. What it has lent
// is in a file, which it reads again.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "DHCP and DNS",
		After:    []string{vm.Name + "/router"},
		Packages: []string{"dnsmasq"},
		Check:    []string{"dnsmasq --test --conf-file=/" + path},
		Makes:    artifact.Units(unit),
		Apply:    systemd.Restart(unit),
		Verify:   []string{systemd.IsActive(unit)},
	}
}

// Check reports what dnsmasq cannot do.
func Check(t *topology.Topology) (diags diag.List) {
	for _, vm := range routers(t) {
		dns := vm.Router.DNSForwarding
		if dns == nil {
			continue
		}
		base := diag.Path("vms", vm.Name, "router")
		if len(vm.Router.Upstream()) == 0 {
			diags.Errorf("dnsmasq/unsupported-recursion", diag.Join(base, "dnsForwarding"),
				"dnsmasq only asks other resolvers, and there are none").
				Hintf("add nameServers: ['9.9.9.9'] to dnsForwarding")
		}
		checkDHCPOnly(vm, base, &diags)
	}
	return diags
}

// checkDHCPOnly finds a network that dnsmasq would answer DNS queries of though it is
// to lend addresses there and no more.
func checkDHCPOnly(vm *topology.VM, base string, diags *diag.List) {
	for _, d := range vm.Router.DHCPServers {
		if !answersDNS(vm, d.Name) {
			diags.Errorf("dnsmasq/unsupported-dhcp-only", diag.Join(base, "dhcpServer", d.Name),
				"dnsmasq would answer the DNS queries of network %q, too", d.Name).
				AtKey().Hintf("add it to the networks of dnsForwarding")
		}
	}
}
