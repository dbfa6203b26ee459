package impact

// debianStep is the step of a router on Debian that brings a part of its block
// into effect. VyOS has one for all.
func (m models) debianStep() string {
	part := m.key(3)
	if part == "system" {
		part = m.key(4)
	}
	return map[string]string{
		"dhcpServer": "dnsmasq", "dnsForwarding": "dnsmasq", "ntp": "clock", "ssh": "ssh", "lldp": "lldp", "snmp": "snmp",
		"users": "accounts", "syslog": "log", "timeZone": "options", "options": "options",
	}[part]
}

// onDebian reports whether the change is in the block of a router on Debian.
func (m models) onDebian() bool {
	vm := m.new.VM(m.key(1))
	return m.key(0) == "vms" && m.key(2) == "router" && vm != nil && vm.Router != nil && vm.Router.Platform == "debian"
}
