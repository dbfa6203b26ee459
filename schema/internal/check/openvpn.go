package check

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// minTunnelBits and maxTunnelBits are the prefixes of a tunnel: a server keeps a
// list of the addresses in its pool, and OpenVPN takes no more than 65536; both
// OpenVPN and VyOS refuse a smaller subnet than /29.
const minTunnelBits, maxTunnelBits = 16, 29

// checkOpenVPN finds tunnels that a server would refuse.
func checkOpenVPN(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, v := range vm.Router.OpenVPN {
			path := routerPath(vm, "openvpn", v.Name)
			tunnelMode(path, v, &diags)
			if v.Mode == "server" && v.Subnet.IsValid() && tunnelSubnet(path, v, &diags) {
				tunnelClients(path, v, &diags)
			}
			pushedFamily(t, vm, path, v, &diags)
			tlsSecrets(path, v.TLS, &diags)
			if vm.Interface(v.Name) != nil {
				diags.Errorf("openvpn/name", path, "%q already names an interface of the VM", v.Name).
					AtKey().Also(vmPath(vm, "interfaces", v.Name), "the interface").Hintf("choose another number")
			}
		}
	}
	return diags
}

// tunnelMode finds what a mode needs and has not, and what means nothing in it.
func tunnelMode(path string, v topology.OpenVPN, diags *diag.List) {
	server, pair := v.Mode == "server", v.Mode == "site-to-site"
	active := v.Mode == "client" || v.Role == "active"
	for _, f := range []struct {
		key               string
		has, needs, means bool
	}{
		{"subnet", v.Subnet.IsValid(), server, server},
		{"pushRoutes", len(v.PushRoutes) > 0, false, server},
		{"nameServers", len(v.NameServers) > 0, false, server},
		{"clients", len(v.Clients) > 0, false, server},
		{"remote", v.Remote != "", active, server || active},
		{"role", v.Role != "", pair, pair},
		{"localAddress", v.LocalAddress.IsValid(), pair, pair},
		{"remoteAddress", v.RemoteAddress.IsValid(), pair, pair},
		{"tls/dh", v.TLS.DH != "", false, !active},
	} {
		switch {
		case f.needs && !f.has:
			diags.Errorf("openvpn/mode", path, "mode %q needs %s", v.Mode, f.key).Hintf("add %s", f.key)
		case f.has && !f.means:
			diags.Errorf("openvpn/mode", path+"/"+f.key, "%s means nothing in mode %q%s", f.key, v.Mode, roleOf(v)).
				Hintf("leave it out")
		}
	}
	if pair && len(v.Ciphers) > 1 {
		diags.Errorf("openvpn/mode", diag.Join(path, "ciphers"), "two equal ends do not negotiate: they have one cipher").
			Hintf("write one")
	}
	if pair && v.LocalAddress == v.RemoteAddress && v.LocalAddress.IsValid() {
		diags.Errorf("addresses/duplicate", diag.Join(path, "remoteAddress"), "%s is already this end's own address",
			v.RemoteAddress).
			Also(diag.Join(path, "localAddress"), "already used here")
	}
}

func roleOf(v topology.OpenVPN) string {
	if v.Role == "" {
		return ""
	}
	return " for the " + v.Role + " end"
}

// tunnelSubnet reports whether clients can have addresses in a subnet.
func tunnelSubnet(path string, v topology.OpenVPN, diags *diag.List) bool {
	path = diag.Join(path, "subnet")
	switch {
	case !v.Subnet.Addr().Is4():
		diags.Errorf("openvpn/subnet", path, "the subnet %s of the tunnel is IPv6", v.Subnet).Hintf("write an IPv4 subnet")
	case v.Subnet.Bits() < minTunnelBits:
		diags.Errorf("openvpn/subnet", path, "the subnet %s has more addresses than a server can give", v.Subnet).
			Hintf("write a /%d or smaller", minTunnelBits)
	case v.Subnet.Bits() > maxTunnelBits:
		diags.Errorf("openvpn/subnet", path, "the subnet %s is too small for a server and its clients", v.Subnet).
			Hintf("write a /%d or larger", maxTunnelBits)
	default:
		return true
	}
	return false
}

// pushedFamily finds routes that a tunnel of IPv4 addresses has no use for.
func pushedFamily(t *topology.Topology, vm *topology.VM, path string, v topology.OpenVPN, diags *diag.List) {
	for i, g := range v.PushRoutes {
		if p := t.Resolve(vm, g); p.IsValid() && !p.Addr().Is4() {
			diags.Errorf("openvpn/ipv4-only", diag.Join(path, "pushRoutes", i), "%s is IPv6, but the tunnel carries IPv4", p).
				Hintf("write an IPv4 network")
		}
	}
}

// tunnelClients checks fixed addresses. The first address of the subnet is the
// server's own (openvpn(8), --server).
func tunnelClients(path string, v topology.OpenVPN, diags *diag.List) {
	first := map[netip.Addr]string{topology.FirstHost(v.Subnet): ""}
	for _, c := range v.Clients {
		if !c.Address.IsValid() {
			continue
		}
		at := diag.Join(path, "clients", c.Name, "address")
		if d := inSubnet(diags, at, "client address "+c.Address.String(), c.Address, v.Subnet); d != nil {
			d.Also(diag.Join(path, "subnet"), "the subnet of the tunnel")
			continue
		}
		switch other, taken := first[c.Address]; {
		case taken && other == "":
			diags.Errorf("addresses/duplicate", at, "%s is the server's own address in the tunnel", c.Address).
				Also(diag.Join(path, "subnet"), "it is the first of this subnet")
		case taken:
			diags.Errorf("addresses/duplicate", at, "%s is already used by %s", c.Address, other).
				Also(other, "already used here")
		default:
			first[c.Address] = at
		}
	}
}

// tlsSecrets finds one secret in two roles: each is a PEM file of its own.
func tlsSecrets(path string, tls topology.TLS, diags *diag.List) {
	first := map[topology.Secret]string{}
	for _, s := range []struct {
		key  string
		name topology.Secret
	}{{"ca", tls.CA}, {"cert", tls.Cert}, {"key", tls.Key}, {"dh", tls.DH}} {
		at := diag.Join(path, "tls", s.key, "secret")
		other, taken := first[s.name]
		if s.name == "" || !taken {
			first[s.name] = at
			continue
		}
		diags.Errorf("openvpn/same-secret", at, "secret %q is already used by %s", string(s.name), other).
			Also(other, "already used here").Hintf("the authority, the certificate, the key and the parameters are files of their own")
	}
}
