package check

import (
	"encoding/base64"
	bigendian "encoding/binary"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkRouterSystem finds services of a router that would listen nowhere, and
// accounts that nobody could use.
func checkRouterSystem(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, s := range networkServices(vm.Router) {
			for j, n := range s.networks {
				if t.Network(n) != nil {
					onNetworkAt(vm, routerPath(vm, s.key, "networks", j), n, &diags)
				}
			}
		}
		for _, u := range vm.Router.System.Users {
			account(vm, u, &diags)
		}
		wayIn(vm, &diags)
		timeZone(vm, &diags)
	}
	return diags
}

// systemAccounts are on every Debian, and so on VyOS, for programs (base-passwd).
func systemAccounts() []string {
	return []string{"_apt", "backup", "bin", "daemon", "games", "irc", "list", "lp", "mail", "man", "messagebus", "news",
		"nobody",
		"proxy", "root", "sshd", "sync", "sys", "uucp", "www-data"}
}

func account(vm *topology.VM, u topology.User, diags *diag.List) {
	path := routerPath(vm, "system", "users", u.Name)
	if slices.Contains(systemAccounts(), u.Name) || strings.HasPrefix(u.Name, "systemd-") {
		diags.Errorf("router/system-account", path, "%q is an account of the system itself", u.Name).
			AtKey().Hintf("give a person an account of their own")
	}
	if len(u.PublicKeys) == 0 && u.Password == "" && u.Name != vm.SSH.User {
		diags.Warningf("router/no-login", path, "nothing lets %q in: neither a key nor a password", u.Name).
			AtKey().Hintf("add publicKeys: { …: 'ssh-ed25519 …' }")
	}
	for _, k := range u.PublicKeys {
		if said := typeWithin(k.Body()); said != k.Type() {
			diags.Errorf("router/public-key", diag.Join(path, "publicKeys", k.Name),
				"the key says %q, but what follows is no such key", k.Type()).
				Hintf("copy the whole line of the .pub file")
		}
	}
}

// typeWithin is the type that a public key itself names, in front of its
// numbers (RFC 4253, section 6.6); empty when it is not whole.
func typeWithin(body string) string {
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return ""
	}
	first, rest := "", data
	for len(rest) > 0 {
		if len(rest) < 4 || uint64(len(rest)-4) < uint64(bigendian.BigEndian.Uint32(rest)) {
			return ""
		}
		n := 4 + bigendian.BigEndian.Uint32(rest)
		if first == "" {
			first = string(rest[4:n])
		}
		rest = rest[n:]
	}
	return first
}

// wayIn finds a router that apply could not log in to any more.
func wayIn(vm *topology.VM, diags *diag.List) {
	s := vm.Router.System
	own := s.User(vm.SSH.User)
	if vm.Router.Platform == "vyos" && len(s.Users) > 0 && own == nil {
		diags.Errorf("router/no-account", routerPath(vm, "system", "users"), "apply logs in as %q, which is not among the accounts and would be removed", vm.SSH.User).
			Hintf("add %s: { publicKeys: … }, or write another account in ssh: { user: … } of the VM", vm.SSH.User)
	}
	if ssh := vm.Router.SSH; ssh != nil && ssh.DisablePasswordAuthentication && own != nil && len(own.PublicKeys) == 0 &&
		len(vm.AuthorizedKeys) == 0 {
		diags.Errorf("router/no-key", routerPath(vm, "system", "users", own.Name),
			"apply logs in as %q, which has no key, and passwords let nobody in", own.Name).
			Also(routerPath(vm, "ssh", "disablePasswordAuthentication"), "passwords").
			Hintf("add publicKeys: { …: 'ssh-ed25519 …' }")
	}
}
