package check

import (
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// fight is what packages of the user's do to what the topology needs.
type fight struct {
	packages []string
	over     string // what both want, in a sentence
	machine  func(m machine) bool
}

// machine is a machine that packages are installed on: a host, or a VM.
type machine struct {
	host *topology.Host
	vm   *topology.VM
}

func (m machine) router() bool { return m.vm != nil && m.vm.Router != nil }

// fights lists packages that conflict with one of ours, take its port, or write
// the same files.
func fights() []fight {
	everywhere := func(machine) bool { return true }
	return []fight{
		{[]string{"ifupdown2", "ifupdown-ng"}, "replaces ifupdown, which brings up the interfaces", everywhere},
		{[]string{"netplan.io", "network-manager", "connman", "wicd", "dhcpcd"}, "configures the interfaces that ifupdown configures", everywhere},
		{[]string{"resolvconf", "openresolv", "systemd-resolved"}, "writes /etc/resolv.conf, which the topology writes", everywhere},
		{[]string{"ufw", "firewalld", "iptables-persistent", "netfilter-persistent", "ferm", "shorewall", "arno-iptables-firewall"},
			"is another packet filter beside that of the router", machine.router},
		{[]string{"apache2", "lighttpd", "caddy", "hitch", "haproxy"}, "listens on port 80, which the topology gives to another",
			func(m machine) bool { return m.takes("tcp", 80) }},
		{[]string{"mysql-server", "default-mysql-server", "mysql-community-server"}, "is another server beside the database",
			func(m machine) bool { return m.vm != nil && m.vm.MariaDB != nil && m.vm.MariaDB.Flavor == "mariadb" }},
		{[]string{"mariadb-server", "default-mysql-server"}, "is another server beside the database",
			func(m machine) bool { return m.vm != nil && m.vm.MariaDB != nil && m.vm.MariaDB.Flavor == "mysql" }},
		{[]string{"bind9", "unbound", "pdns-recursor", "pdns-server", "knot", "knot-resolver"}, "listens on port 53, which the DNS forwarder of the router has",
			func(m machine) bool { return m.takes("udp", 53) }},
		{[]string{"isc-dhcp-server", "kea-dhcp4-server", "udhcpd"}, "listens on port 67, which the DHCP server of the router has",
			func(m machine) bool { return m.takes("udp", 67) }},
		{[]string{"ntp", "ntpsec", "openntpd", "systemd-timesyncd"}, "conflicts with chrony, which keeps the clock of the router",
			func(m machine) bool { return m.router() && m.vm.Router.NTP != nil }},
		{[]string{"quagga", "bird", "bird2"}, "writes the routes that FRR writes",
			func(m machine) bool { return m.router() && (m.vm.Router.BGP != nil || m.vm.Router.OSPF != nil) }},
	}
}

// takes reports whether a service of the topology has a port of a machine.
func (m machine) takes(protocol string, port int) bool {
	return m.vm != nil && slices.ContainsFunc(m.vm.Listeners(), func(l topology.Listener) bool {
		return l.Protocol == protocol && l.Port == port
	})
}

// checkPackages finds packages of the user's that fight with ours: apt refuses
// them, or removes ours, or two daemons want one thing.
func checkPackages(t *topology.Topology) (diags diag.List) {
	for i := range t.Hosts {
		h := &t.Hosts[i]
		fighting(machine{host: h}, h.Packages, hostPath(h, "packages"), &diags)
	}
	for i := range t.VMs {
		if vm := &t.VMs[i]; vm.OS != "" {
			fighting(machine{vm: vm}, vm.Packages, vmPath(vm, "packages"), &diags)
		}
	}
	return diags
}

func fighting(m machine, packages []string, path string, diags *diag.List) {
	for i, name := range packages {
		for _, f := range fights() {
			if slices.Contains(f.packages, name) && f.machine(m) {
				diags.Errorf("provision/packages-fight", diag.Join(path, i), "package %q %s", name, f.over).
					Hintf("leave it out")
			}
		}
	}
}
