package plan

import (
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestReach(t *testing.T) {
	tests := []struct {
		name, patch, vm string
		want            topology.AccessPath
	}{
		{"on the network of the host's own address", "{}", "rtr01", topology.AccessPath{Address: "46.4.71.77", Jump: ""}},
		{"behind the router", "{}", "lb01", topology.AccessPath{Address: "10.0.1.2", Jump: "rtr01"}},
		{"on a bridge where its host has an address",
			"{ hosts+: { vmm+: { bridges+: { 'sw-lan': { network: 'lan', address: '10.0.1.250' } } } } }", "lb01",
			topology.AccessPath{Address: "10.0.1.2", Jump: "vmm"}},
		{"where the user says", "{ vms+: { lb01+: { ssh: { address: 'lb.example.net' } } } }", "lb01",
			topology.AccessPath{Address: "lb.example.net", Jump: ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := rendertest.Variant(t, "nullzero", tt.patch)
			if got := topo.AccessPaths().ToVM(topo.VM(tt.vm)); got != tt.want {
				t.Errorf("ToVM(%s) = %+v, want %+v", tt.vm, got, tt.want)
			}
		})
	}
}

// TestSSHConfigConforms asks ssh itself how it would reach a guest.
func TestSSHConfigConforms(t *testing.T) {
	rendertest.Need(t, "ssh")
	dir := tree(t, rendertest.Topology(t, "nullzero"))
	out, ok := rendertest.Run(t, "ssh", "-G", "-F", filepath.Join(dir, sshConfigName), "web01")
	if !ok {
		t.Fatalf("ssh refuses the configuration: %s", out)
	}
	for _, want := range []string{"hostname 10.0.1.3", "user root", "port 22", "proxyjump rtr01",
		"hostkeyalias web01.nullzero"} {
		if !strings.Contains("\n"+out, "\n"+want+"\n") {
			t.Errorf("ssh -G does not say %q", want)
		}
	}
	broken := rendertest.Write(t, "ssh_config", strings.Replace(rendertest.Content(t, complete(t), sshConfigName),
		"HostName", "HostNaem", 1))
	if out, ok := rendertest.Run(t, "ssh", "-G", "-F", broken, "web01"); ok {
		t.Errorf("ssh accepts a broken configuration: %s", out)
	}
}
