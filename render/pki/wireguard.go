package pki

import (
	"path"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// wireGuardClaims are what an interface wants files to be.
func wireGuardClaims(vm *topology.VM, w *topology.WireGuard) []claim {
	at := func(tokens ...any) string {
		return diag.Join(diag.Path("vms", vm.Name, "router", "wireguard", w.Name), tokens...)
	}
	all := []claim{{string(w.PrivateKey), "the private key of " + w.Name, at("privateKey")}}
	for _, p := range w.Peers {
		if p.PresharedKey != "" {
			all = append(all, claim{string(p.PresharedKey), "what " + w.Name + " shares with " + p.Name,
				at("peers", p.Name, "presharedKey")})
		}
		if p.Profile != nil {
			all = append(all, claim{peerFile(w, p.Name), "the private key of " + p.Name, at("peers", p.Name)})
		}
	}
	return all
}

// wireGuardEntries are the lines of an interface in the script's table. A pair of
// keys is a public key, which the topology has, two words that certificates have
// in their place, the file of the private key, and whose it is; a peer has a
// profile besides, and what it shares.
func wireGuardEntries(r *topology.Router, w *topology.WireGuard) []string {
	pair := func(words ...string) string { return "pair " + strings.Join(words, " ") }
	all := []string{pair(w.PublicKey, "-", "-", string(w.PrivateKey), w.Name, "-", "-")}
	for _, p := range w.Peers {
		shared := "-"
		if p.PresharedKey != "" {
			shared = string(p.PresharedKey)
			all = append(all, "shared "+shared)
		}
		if p.Profile != nil {
			all = append(all, pair(p.PublicKey, "-", "-", peerFile(w, p.Name), p.Name, r.PeerProfilePath(w, p.Name), shared))
		}
	}
	return all
}

// peerFile is where the private key of a peer lies: in a folder named after the
// interface, beside that of the router. No machine of the stack needs it.
func peerFile(w *topology.WireGuard, peer string) string {
	return path.Join(path.Dir(string(w.PrivateKey)), w.Name, peer+".key")
}
