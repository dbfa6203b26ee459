package vyos

import (
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// zoneLength is the longest name of a zone that VyOS takes.
const zoneLength = 63

// dhcp warns about addresses that a server lends although they are a machine's:
// dhcpd(8) keeps a fixed address out of a range only while its owner answers.
func (c checker) dhcp() {
	if c.d.has(kea) {
		return
	}
	for i := range c.vm.Router.DHCPServers {
		d := &c.vm.Router.DHCPServers[i]
		for _, r := range d.Ranges {
			c.mappedWithin(d, r)
		}
	}
}

func (c checker) mappedWithin(d *topology.DHCPServer, r topology.DHCPRange) {
	for _, m := range c.t.Mappings(c.vm, d) {
		if r.Contains(m.Address) {
			c.diags.Warningf("vyos/range-mapped", c.path("dhcpServer", d.Name, "ranges", r.Name),
				"the range %s to %s has %s of %q in it, which %s lends to others while its owner is away", r.Start, r.Stop, m.Address, m.Name, c.d).
				AtKey().Hintf("leave the address out of the range, or write version: '%s'", traits()[kea])
			return
		}
	}
}

func (c checker) dns() {
	f := c.vm.Router.DNSForwarding
	if f == nil {
		return
	}
	path := c.path("dnsForwarding")
	if len(c.vm.Router.Upstream()) == 0 {
		c.unsupported(recursor, "recursion", path, "DNS forwarder that needs no other",
			"add nameServers: ['9.9.9.9'] to dnsForwarding")
	}
	for i, a := range f.NameServers {
		if !a.Is4() {
			c.unsupported(recursor, "dns-ipv6", diag.Join(path, "nameServers", i), "DNS forwarder that asks IPv6 addresses",
				"write the IPv4 address of a resolver")
		}
	}
	if f.Authoritative {
		c.unsupported(ownZones, "dns-zone", diag.Join(path, "authoritative"),
			"domain that the DNS forwarder answers for alone",
			"leave authoritative out: machines are known by name all the same")
		if len(c.t.Domain) > zoneLength {
			c.diags.Errorf("vyos/zone-name", diag.Join(path, "authoritative"),
				"the domain %q has more than %d characters, which VyOS does not take for a zone", c.t.Domain, zoneLength).
				Hintf("leave authoritative out: machines are known by name all the same")
		}
		return
	}
	for _, r := range c.t.HostRecords(f) {
		if len(c.t.FQDN(r.Name)) < 2 {
			c.diags.Errorf("vyos/host-name", path, "%q is no host name to VyOS", r.Name).
				Hintf("give the stack a domain, or the machine a name of two characters")
		}
	}
}

// management reports what a release cannot do for whoever looks after the
// router.
func (c checker) management() {
	r := c.vm.Router
	if r.LLDP != nil {
		c.unsupported(hasLLDP, "lldp", c.path("lldp"), "LLDP", "leave lldp out")
	}
	c.ntp()
	for _, u := range r.System.Users {
		c.user(u)
	}
	for _, h := range r.System.Syslog {
		path := c.path("system", "syslog", h.Name)
		if h.Port != 514 {
			c.unsupported(syslogPort, "syslog-port", diag.Join(path, "port"), "syslog host on another port than 514",
				"let the host listen on port 514")
		}
		if h.Protocol == "tcp" {
			c.unsupported(syslogTCP, "syslog-tcp", diag.Join(path, "protocol"), "syslog over TCP", "write protocol: 'udp'")
		}
	}
	if r.System.Options.CtrlAltDelete != "" {
		c.unsupported(keyCombination, "ctrl-alt-delete", c.path("system", "options", "ctrlAltDelete"),
			"choice of what Ctrl-Alt-Delete does", "leave ctrlAltDelete out")
	}
}

func (c checker) ntp() {
	n := c.vm.Router.NTP
	if n == nil {
		return
	}
	if len(n.Networks) > 0 {
		c.unsupported(ntpAccess, "ntp-networks", c.path("ntp", "networks"), "NTP server that is for some networks only",
			"leave networks out, and guard the port with a ruleset")
	}
	for _, s := range n.Servers {
		if s.Pool {
			c.unsupported(ntpAccess, "ntp-pool", c.path("ntp", "servers", s.Name, "pool"),
				"name that stands for many NTP servers", "name three servers")
		}
	}
}

// user reports keys of a kind that came later.
func (c checker) user(u topology.User) {
	for _, k := range u.PublicKeys {
		path := c.path("system", "users", u.Name, "publicKeys", k.Name)
		switch {
		case k.Type() == "ssh-rsa":
		case strings.HasPrefix(k.Type(), "sk-"):
			c.unsupported(tokenKeys, "token-key", path, "SSH key of type "+k.Type(), "write a key of type ssh-rsa")
		default:
			c.unsupported(newKeys, "key-type", path, "SSH key of type "+k.Type(), "write a key of type ssh-rsa")
		}
	}
}
