package schema

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// maxTunnelBits is the longest prefix of a tunnel: a server needs a pool of
// addresses, and both OpenVPN and VyOS refuse a smaller subnet than /29.
const maxTunnelBits = 29

// checkOpenVPN finds tunnels that a server would refuse.
func checkOpenVPN(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, v := range vm.Router.OpenVPN {
			path := routerPath(vm, "openvpn", v.Name)
			if tunnelSubnet(path, v, &diags) {
				tunnelClients(path, v, &diags)
			}
			tlsSecrets(path, v.TLS, &diags)
			if vm.Interface(v.Name) != nil {
				diags.Errorf("openvpn/name", path, "%q already names an interface of the VM", v.Name).
					AtKey().Also(vmPath(vm, "interfaces", v.Name), "the interface").Hintf("choose another number")
			}
		}
	}
	return diags
}

// tunnelSubnet reports whether clients can have addresses in a subnet.
func tunnelSubnet(path string, v topology.OpenVPN, diags *diag.List) bool {
	path = diag.Join(path, "subnet")
	switch {
	case !v.Subnet.Addr().Is4():
		diags.Errorf("openvpn/subnet", path, "the subnet %s of the tunnel is IPv6", v.Subnet).Hintf("write an IPv4 subnet")
	case v.Subnet.Bits() > maxTunnelBits:
		diags.Errorf("openvpn/subnet", path, "the subnet %s is too small for a server and its clients", v.Subnet).
			Hintf("write a /%d or larger", maxTunnelBits)
	default:
		return true
	}
	return false
}

// tunnelClients checks fixed addresses. The first address of the subnet is the
// server's own (openvpn(8), --server).
func tunnelClients(path string, v topology.OpenVPN, diags *diag.List) {
	first := map[netip.Addr]string{firstHost(v.Subnet): ""}
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
			diags.Errorf("addresses/duplicate", at, "%s is already used by %s", c.Address, other).Also(other, "already used here")
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
