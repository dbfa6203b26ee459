// Package pki renders the script that makes the keys of a router's VPN.
//
// It takes a checked topology and gives one shell script for each router that
// runs an OpenVPN server or has a WireGuard interface. The operator runs it on his own machine, once and
// whenever a client is added; no step does. The files it makes bear the names
// of the topology's secrets, so that apply finds them in the same folder.
package pki

import (
	"path"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports keys that the script would have to make twice.
func Check(t *topology.Topology) (diags diag.List) {
	for _, vm := range servers(t) {
		first := map[string]claim{}
		for _, c := range claimsOf(vm) {
			other, taken := first[c.file]
			if !taken {
				first[c.file] = c
			} else if other.as != c.as {
				diags.Errorf("pki/two-uses", c.path, "%q is wanted as %s, and as %s", c.file, c.as, other.as).
					Also(other.path, "the other use").Hintf("give each its own name")
			}
		}
	}
	return diags
}

// claimsOf are those of all tunnels of a router.
func claimsOf(vm *topology.VM) (all []claim) {
	base := diag.Path("vms", vm.Name, "router", "openvpn")
	for i := range vm.Router.OpenVPN {
		if vm.Router.OpenVPN[i].Mode == "server" {
			all = append(all, claims(vm, &vm.Router.OpenVPN[i], base)...)
		}
	}
	for i := range vm.Router.WireGuard {
		all = append(all, wireGuardClaims(vm, &vm.Router.WireGuard[i])...)
	}
	return all
}

// claim is what a tunnel wants a file to be.
type claim struct{ file, as, path string }

// claims are those of one tunnel. Two tunnels may share a file that is the same
// thing to both.
func claims(vm *topology.VM, v *topology.OpenVPN, base string) []claim {
	at := func(tokens ...any) string { return diag.Join(diag.Join(base, v.Name), tokens...) }
	ca := string(v.TLS.CA)
	all := []claim{
		{ca, "the authority", at("tls", "ca")},
		{string(v.TLS.Cert), "the server's certificate by " + ca, at("tls", "cert")},
		{string(v.TLS.Key), "the key to " + string(v.TLS.Cert), at("tls", "key")},
		{authorityKey(ca), "the key to " + ca, at("tls", "ca")},
	}
	if v.TLS.DH != "" {
		all = append(all, claim{string(v.TLS.DH), "Diffie-Hellman parameters", at("tls", "dh")})
	}
	for _, c := range v.Clients {
		place := at("clients", c.Name)
		if c.Name == vm.Name {
			all = append(all, claim{"the name " + c.Name, "a client's", place},
				claim{"the name " + c.Name, "the server's", at()})
		}
		all = append(all,
			claim{clientFile(ca, c.Name, ".crt"), "the certificate of client " + c.Name, place},
			claim{clientFile(ca, c.Name, ".key"), "the key of client " + c.Name, place})
	}
	return all
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range servers(t) {
		file := artifact.File{Machine: vm.Name, Path: "pki/pki.sh", Format: artifact.Shell, Script: true}
		file, err := templates.File(file, "pki/pki.sh.tmpl", viewOf(t, vm))
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, file)
	}
	return set, nil
}

// view is what the template shows: words that mean nothing to a shell, by the
// patterns of the schema.
type view struct {
	Stack, Router           string
	Entries                 []string
	KeyAlgorithm, KeyOption string
	KeyUsage                string // beyond signatures
}

// viewOf decides the kind of keys: elliptic, but for an OpenVPN that knows only
// RSA.
func viewOf(t *topology.Topology, vm *topology.VM) view {
	v := view{
		Stack: t.Name, Router: vm.Name, Entries: entries(t, vm),
		KeyAlgorithm: "EC", KeyOption: "ec_paramgen_curve:P-384",
	}
	if vm.Router.OldVPN() {
		v.KeyAlgorithm, v.KeyOption, v.KeyUsage = "RSA", "rsa_keygen_bits:3072", ", keyEncipherment"
	}
	return v
}

func servers(t *topology.Topology) []*topology.VM {
	var vms []*topology.VM
	isServer := func(v topology.OpenVPN) bool { return v.Mode == "server" }
	for i := range t.VMs {
		if r := t.VMs[i].Router; r != nil && (len(r.WireGuard) > 0 || slices.ContainsFunc(r.OpenVPN, isServer)) {
			vms = append(vms, &t.VMs[i])
		}
	}
	return vms
}

// entries is the script's table of what to make, authorities first.
func entries(t *topology.Topology, vm *topology.VM) []string {
	var authorities, leaves []string
	add := func(list *[]string, words ...string) {
		line := strings.Join(words, " ")
		for _, l := range *list {
			if l == line {
				return
			}
		}
		*list = append(*list, line)
	}
	for i := range vm.Router.OpenVPN {
		v := &vm.Router.OpenVPN[i]
		if v.Mode != "server" {
			continue
		}
		ca := string(v.TLS.CA)
		add(&authorities, "authority", ca, authorityKey(ca), t.Name+"-vpn")
		add(&leaves, "server", ca, authorityKey(ca), string(v.TLS.Cert), string(v.TLS.Key), vm.Name)
		for _, c := range v.Clients {
			add(&leaves, "client", ca, authorityKey(ca), clientFile(ca, c.Name, ".crt"), clientFile(ca, c.Name, ".key"),
				c.Name, vm.Router.Profile(v, c.Name))
		}
		if v.TLS.DH != "" {
			add(&leaves, "dh", string(v.TLS.DH))
		}
	}
	for i := range vm.Router.WireGuard {
		leaves = append(leaves, wireGuardEntries(vm.Router, &vm.Router.WireGuard[i])...)
	}
	return append(authorities, leaves...)
}

// authorityKey is where the key of an authority lies: no machine ever needs it.
func authorityKey(ca string) string { return "authority/" + ca + ".key" }

// clientFile is where a client's certificate or key lies: beside its authority.
func clientFile(ca, client, suffix string) string {
	return path.Join(path.Dir(ca), "clients", client+suffix)
}
