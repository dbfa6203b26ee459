package topology

// What listens on a router. What is for the machines of some networks listens at
// its address in each of them.

func (v *VM) openVPNListeners() (all []Listener) {
	if v.Router == nil {
		return nil
	}
	for _, o := range v.Router.OpenVPN {
		if o.Mode != "client" { // which binds no port of its own
			all = append(all, Listener{Service: "openvpn", Name: o.Name, Protocol: o.Protocol, Port: o.Port})
		}
	}
	return all
}

func (v *VM) wireGuardListeners() (all []Listener) {
	if v.Router == nil {
		return nil
	}
	for _, w := range v.Router.WireGuard {
		all = append(all, Listener{Service: "wireguard", Name: w.Name, Protocol: "udp", Port: w.Port})
	}
	return all
}

// ipsecListeners are the ports of IKE, the second for peers behind NAT (RFC 3947).
func (v *VM) ipsecListeners() []Listener {
	if v.Router == nil || len(v.Router.IPsec) == 0 {
		return nil
	}
	return []Listener{{Service: "ipsec", Protocol: "udp", Port: 500}, {Service: "ipsec", Protocol: "udp", Port: 4500}}
}

func (v *VM) dhcpListeners() (all []Listener) {
	if v.Router == nil {
		return nil
	}
	for _, d := range v.Router.DHCPServers {
		for _, a := range v.AddressesOn([]string{d.Name}) {
			all = append(all, Listener{Service: "dhcp", Name: d.Name, Protocol: "udp", Port: 67, Address: a})
		}
	}
	return all
}

func (v *VM) dnsListeners() (all []Listener) {
	if v.Router == nil || v.Router.DNSForwarding == nil {
		return nil
	}
	for _, a := range v.AddressesOn(v.Router.DNSForwarding.Networks) {
		for _, protocol := range []string{"udp", "tcp"} {
			all = append(all, Listener{Service: "dns", Protocol: protocol, Port: 53, Address: a})
		}
	}
	return all
}

func (v *VM) ntpListeners() (all []Listener) {
	if v.Router == nil || v.Router.NTP == nil {
		return nil
	}
	for _, a := range v.AddressesOn(v.Router.NTP.Networks) {
		all = append(all, Listener{Service: "ntp", Protocol: "udp", Port: 123, Address: a})
	}
	return all
}

func (v *VM) snmpListeners() (all []Listener) {
	if v.Router == nil || v.Router.SNMP == nil {
		return nil
	}
	for _, a := range v.AddressesOn(v.Router.SNMP.Networks) {
		all = append(all, Listener{Service: "snmp", Protocol: "udp", Port: 161, Address: a})
	}
	return all
}
