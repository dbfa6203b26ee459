package topology

import (
	"net/netip"
	"slices"
	"strings"
)

// Listener is a port that a service of a VM listens on.
type Listener struct {
	Service  string // ssh, varnish, nginx, openvpn, wireguard, ipsec, dhcp, dns, ntp, snmp, or the flavor of the database
	Name     string // of the site, tunnel or network, for nginx, openvpn, wireguard and dhcp
	Protocol string // tcp or udp
	Port     int
	Address  netip.Addr // zero: all of the VM's
}

// Listeners lists what listens on a VM. Sites on one port are one listener,
// named after the first.
func (v *VM) Listeners() (all []Listener) {
	if v.OS != "" || v.Router != nil {
		all = append(all, v.sshListeners()...)
	}
	if v.MariaDB != nil {
		all = append(all, Listener{Service: v.MariaDB.Flavor, Protocol: "tcp", Port: v.MariaDB.Port, Address: v.MariaDB.BindAddress})
	}
	if v.Varnish != nil {
		all = append(all, Listener{Service: "varnish", Protocol: "tcp", Port: v.Varnish.Listen})
	}
	if v.Nginx != nil {
		seen := map[int]bool{}
		for _, s := range v.Nginx.Sites {
			if !seen[s.Listen] {
				seen[s.Listen] = true
				all = append(all, Listener{Service: "nginx", Name: s.Name, Protocol: "tcp", Port: s.Listen})
			}
		}
	}
	if v.Router != nil {
		for _, o := range v.Router.OpenVPN {
			if o.Mode == "client" {
				continue // it binds no port of its own
			}
			all = append(all, Listener{Service: "openvpn", Name: o.Name, Protocol: o.Protocol, Port: o.Port})
		}
		for _, w := range v.Router.WireGuard {
			all = append(all, Listener{Service: "wireguard", Name: w.Name, Protocol: "udp", Port: w.Port})
		}
		if len(v.Router.IPsec) > 0 {
			all = append(all, Listener{Service: "ipsec", Protocol: "udp", Port: 500}, Listener{Service: "ipsec", Protocol: "udp", Port: 4500})
		}
		all = append(all, v.RouterServices()...)
	}
	return all
}

// Answers reports whether a listener takes what is sent to one of its VM's
// addresses.
func (l Listener) Answers(to netip.Addr) bool {
	return !l.Address.IsValid() || l.Address.IsUnspecified() || l.Address == to
}

// Clashes reports whether two listeners cannot be on one VM: one would take what
// is sent to the other.
func (l Listener) Clashes(o Listener) bool {
	return l.Protocol == o.Protocol && l.Port == o.Port &&
		(l.Answers(o.Address) || o.Answers(l.Address))
}

// Managed reports whether all that listens on a VM is known: one without an
// operating system of ours, or with programs and configuration from elsewhere, may have more.
func (v *VM) Managed() bool {
	if v.Router != nil {
		return true
	}
	return v.OS != "" && len(v.Packages) == 0 && !v.configuresMore()
}

// configuresMore reports whether text of the user's may have a program listen: directives of
// a site, or files where programs and their configuration lie.
func (v *VM) configuresMore() bool {
	if v.Nginx != nil && slices.ContainsFunc(v.Nginx.Sites, func(s Site) bool { return s.Extra != "" }) {
		return true
	}
	return slices.ContainsFunc(v.Files, func(f File) bool {
		return strings.HasPrefix(f.Path, "/etc/") || strings.HasPrefix(f.Path, "/usr/") || strings.HasPrefix(f.Path, "/opt/")
	})
}
