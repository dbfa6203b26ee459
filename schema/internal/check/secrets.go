package check

import (
	"maps"
	"path"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkSecrets finds secrets that apply would look for in one place. It takes each
// from the environment, else from a file, else from a command; which, only apply
// knows.
func checkSecrets(t *topology.Topology) (diags diag.List) {
	uses := secretUses(t)
	names := slices.Sorted(maps.Keys(uses))
	variables, folders := map[string]string{}, map[string]string{}
	for _, name := range names {
		v := variableOf(name)
		if other, taken := variables[v]; taken {
			diags.Warningf("secrets/same-place", uses[name], "in the environment the secret %q is %s, and so is %q", name, v, other).
				Also(uses[other], "the other secret").Hintf("choose a name that differs in more than punctuation and case")
		} else {
			variables[v] = name
		}
		for folder := path.Dir(name); folder != "." && folders[folder] == ""; folder = path.Dir(folder) {
			folders[folder] = name
		}
	}
	for _, name := range names {
		if below := folders[name]; below != "" {
			diags.Warningf("secrets/same-place", uses[name], "as a file the secret %q is where the folder of %q has to be", name, below).
				Also(uses[below], "the other secret").Hintf("choose a name that another does not begin with")
		}
	}
	return diags
}

// variableOf is where apply looks for a secret in the environment; see
// templates/plan/here/secrets.sh.
func variableOf(name string) string {
	return "STACKGEN_SECRET_" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// secretUses are the paths at which each secret of a topology is named first.
func secretUses(t *topology.Topology) map[string]string {
	uses := map[string]string{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		see := func(name topology.Secret, tokens ...any) {
			if _, seen := uses[string(name)]; !seen && name != "" {
				uses[string(name)] = diag.Join(vmPath(vm, tokens...), "secret")
			}
		}
		if vm.PHP != nil {
			for _, e := range vm.PHP.Env {
				see(e.Secret, "php", "env", e.Name)
			}
		}
		if vm.MariaDB != nil {
			for _, u := range vm.MariaDB.Users {
				see(u.Password, vm.MariaDB.Flavor, "users", u.Name, "password")
			}
		}
		if vm.Router != nil {
			routerSecrets(vm.Router, see)
		}
	}
	return uses
}

func routerSecrets(r *topology.Router, see func(name topology.Secret, tokens ...any)) {
	for _, v := range r.OpenVPN {
		see(v.TLS.CA, "router", "openvpn", v.Name, "tls", "ca")
		see(v.TLS.Cert, "router", "openvpn", v.Name, "tls", "cert")
		see(v.TLS.Key, "router", "openvpn", v.Name, "tls", "key")
		see(v.TLS.DH, "router", "openvpn", v.Name, "tls", "dh")
	}
	for _, w := range r.WireGuard {
		see(w.PrivateKey, "router", "wireguard", w.Name, "privateKey")
		for _, p := range w.Peers {
			see(p.PresharedKey, "router", "wireguard", w.Name, "peers", p.Name, "presharedKey")
		}
	}
	for _, p := range r.IPsec {
		see(p.PresharedKey, "router", "ipsec", p.Name, "presharedKey")
	}
	if r.SNMP != nil {
		see(r.SNMP.Community, "router", "snmp", "community")
	}
	for _, u := range r.System.Users {
		see(u.Password, "router", "system", "users", u.Name, "password")
	}
}
