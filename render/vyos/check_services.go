package vyos

import "stackgen/schema/diag"

// zoneLength is the longest name of a zone that VyOS takes.
const zoneLength = 63

func (c checker) dns() {
	f := c.vm.Router.DNSForwarding
	if f == nil {
		return
	}
	path := c.path("dnsForwarding")
	if len(c.vm.Router.Upstream()) == 0 {
		c.unsupported(recursor, "recursion", path, "DNS forwarder that needs no other", "add nameServers: ['9.9.9.9'] to dnsForwarding")
	}
	for i, a := range f.NameServers {
		if !a.Is4() {
			c.unsupported(recursor, "dns-ipv6", diag.Join(path, "nameServers", i), "DNS forwarder that asks IPv6 addresses", "write the IPv4 address of a resolver")
		}
	}
	if f.Authoritative {
		c.unsupported(ownZones, "dns-zone", diag.Join(path, "authoritative"), "domain that the DNS forwarder answers for alone", "leave authoritative out: machines are known by name all the same")
		if len(c.t.Domain) > zoneLength {
			c.diags.Errorf("vyos/zone-name", diag.Join(path, "authoritative"), "the domain %q has more than %d characters, which VyOS does not take for a zone", c.t.Domain, zoneLength).
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
