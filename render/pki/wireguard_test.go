package pki

import (
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// linked is the reference stack with a WireGuard interface and no OpenVPN.
func linked(t *testing.T) *topology.Topology {
	t.Helper()
	return rendertest.Variant(t, "nullzero", `{ vms+: { rtr01+: { router+: { openvpn:: null, wireguard: { wg0: {
  subnet: '10.9.0.0/24', privateKey: { secret: 'vpn/wg0.key' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=',
  peers: {
    alice: { publicKey: 'twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=', presharedKey: { secret: 'vpn/alice.psk' }, address: '10.9.0.2', profile: {} },
    branch: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', address: '10.9.0.3' },
  },
} } } } } }`)
}

// TestWireGuard makes pairs of keys, says which public keys the topology has to
// have, and is content when it has them.
func TestWireGuard(t *testing.T) {
	t.Parallel()
	topo := linked(t)
	w := &topo.VM("rtr01").Router.WireGuard[0]
	o := operatorOf(t, topo)
	out, ok := o.run(t)
	said := regexp.MustCompile(`publicKey of (wg0|alice) has to be '([A-Za-z0-9+/]{43}=)'`).FindAllStringSubmatch(out, -1)
	if ok || len(said) != 2 {
		t.Fatalf("public keys of others are taken: %s", out)
	}
	made := o.list(t)
	for _, name := range []string{"vpn/wg0.key", "vpn/wg0/alice.key", "vpn/alice.psk"} {
		if !regexp.MustCompile(`^[A-Za-z0-9+/]{43}=\n$`).MatchString(made[name]) {
			t.Errorf("%s is no key: %q", name, made[name])
		}
	}
	if len(made) != 3 {
		t.Errorf("%d files are made, want 3", len(made))
	}
	w.PublicKey, w.Peer("alice").PublicKey = said[0][2], said[1][2]
	o.again(t, topo)
	if out, ok := o.run(t); !ok || out != "" {
		t.Errorf("the right public keys are not taken: %s", out)
	}
	if out, ok := o.run(t, "renew", "alice"); ok || !strings.Contains(out, "made vpn/wg0/alice.key") || !strings.Contains(out, "publicKey of alice has to be") {
		t.Errorf("renewing a peer: %s", out)
	}
	after := o.list(t)
	if after["vpn/wg0/alice.key"] == made["vpn/wg0/alice.key"] || after["vpn/wg0.key"] != made["vpn/wg0.key"] || len(after) != len(made)+1 {
		t.Errorf("a new key for alice alone, and the old one kept: %d files became %d", len(made), len(after))
	}
	if out, ok := o.run(t, "--inline", "branch"); ok || !strings.Contains(out, "there is no client or peer with a profile branch") {
		t.Errorf("a peer without a profile: %s", out)
	}
}

// again renders the script of a changed topology.
func (o operator) again(t *testing.T, topo *topology.Topology) {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	o.write(t, "pki/pki.sh", rendertest.Content(t, set, "rtr01/pki/pki.sh"))
}

// TestWireGuardClaims: one file for two keys is found.
func TestWireGuardClaims(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*topology.WireGuard)
		path   string // "" is no finding
	}{
		{"the link", func(*topology.WireGuard) {}, ""},
		{"a shared key where a peer's is", func(w *topology.WireGuard) { w.Peers[0].PresharedKey = "vpn/wg0/alice.key" }, "/vms/rtr01/router/wireguard/wg0/peers/alice"},
		{"a shared key where that of a peer without a profile would be", func(w *topology.WireGuard) { w.Peers[0].PresharedKey = "vpn/wg0/branch.key" }, ""},
	} {
		topo := linked(t)
		tt.change(&topo.VM("rtr01").Router.WireGuard[0])
		got := Check(topo)
		if tt.path == "" && len(got) > 0 || tt.path != "" && (len(got) != 1 || got[0].Rule != "pki/two-uses" || got[0].Path != tt.path) {
			t.Errorf("%s: got %v, want pki/two-uses at %q", tt.name, got, tt.path)
		}
	}
}
