// Package dnsmasq renders the DHCP servers and the DNS forwarder of a router on
// Debian as one configuration of dnsmasq(8), and the step that starts it.
//
// It takes a checked topology and gives a file for each VM with a router block
// whose platform is debian that has one of the two. Packet filters are left to
// package nftables. The options are those of dnsmasq 2.90.
package dnsmasq

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// path is where Debian's unit has dnsmasq look for configuration.
const path = "etc/dnsmasq.d/router.conf"

const stepName = "dnsmasq"

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range routers(t) {
		text, err := templates.Text(templates.Must("dnsmasq/router.conf.tmpl"), viewOf(t, vm))
		if err != nil {
			return set, fmt.Errorf("router %s: %w", vm.Name, err)
		}
		set.Files = append(set.Files, artifact.File{
			Machine: vm.Name, Path: path, Content: text, Step: stepName, Install: artifact.At(path),
		})
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// routers are the Debian machines that serve DHCP or DNS.
func routers(t *topology.Topology) []*topology.VM {
	var vms []*topology.VM
	for i := range t.VMs {
		r := t.VMs[i].Router
		if r != nil && r.Platform == "debian" && (len(r.DHCPServers) > 0 || r.DNSForwarding != nil) {
			vms = append(vms, &t.VMs[i])
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
		Apply:    []string{"systemctl --quiet enable dnsmasq.service", "systemctl restart dnsmasq.service"},
		Verify:   []string{"systemctl --quiet is-active dnsmasq.service"},
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
			diags.Errorf("dnsmasq/unsupported-recursion", diag.Join(base, "dnsForwarding"), "dnsmasq only asks other resolvers, and there are none").
				Hintf("add nameServers: ['9.9.9.9'] to dnsForwarding")
		}
		alsoDNS(vm, base, &diags)
	}
	return diags
}

// alsoDNS finds a network that dnsmasq would answer DNS queries of though it is
// to lend addresses there and no more.
func alsoDNS(vm *topology.VM, base string, diags *diag.List) {
	for _, d := range vm.Router.DHCPServers {
		if !asks(vm, d.Name) {
			diags.Errorf("dnsmasq/unsupported-dhcp-only", diag.Join(base, "dhcpServer", d.Name), "dnsmasq would answer the DNS queries of network %q, too", d.Name).
				AtKey().Hintf("add it to the networks of dnsForwarding")
		}
	}
}
