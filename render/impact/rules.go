package impact

// rules is the one table of what changes mean; the first that fits counts, so
// that the special stands before the general. What apply does with each step is
// in the packages of the renderers; the manuals are named where they decide.
func rules() []rule {
	return []rule{
		// The stack.
		{path: "apiVersion", class: None, reason: "the version of the language is not in any artifact"},
		{path: "name", class: Outage, drags: stackMachines,
			reason: "UUIDs and MAC addresses follow from the name of the stack: every VM becomes another one"},
		{path: "description", class: None, reason: "only the runbook has it"},
		{path: "policies", class: None, reason: "only findings go by it"},
		{path: "policies/**", class: None, reason: "only findings go by it"},
		{path: "domain", class: Live, drags: stackMachines,
			reason: "names in /etc/hosts change; a running program keeps what it has looked up"},

		// Networks.
		{path: "networks/*", on: added, class: Live, reason: "nothing uses it yet"},
		{path: "networks/*", on: removed, class: Outage, drags: onNetwork, reason: "its interfaces lose their subnet"},
		{path: "networks/*/description", class: None, reason: "only the runbook has it"},
		{path: "networks/*/bridge", class: Outage, drags: onNetwork, reason: "a running VM keeps its port on the old bridge until it starts again"},
		{path: "networks/*/vlan", class: Outage, drags: onNetwork, reason: "a running VM keeps its old tag until it starts again (libvirt, formatdomain: vlan)"},
		{path: "networks/*/subnet", class: Outage, drags: onNetwork, reason: "all its machines change their addresses"},
		{path: "networks/*/gateway", class: Outage, drags: onNetwork, reason: "connections by the old default route are cut"},
		{path: "networks/*/mtu", class: Restart, drags: onNetwork, reason: "the MTU of a virtual device is read when its VM starts (libvirt, formatdomain: mtu)"},
		{path: "networks/*/nameServers", class: Live, drags: onNetwork, reason: "a running program keeps the resolvers that it has read (resolv.conf(5))"},

		// Hosts.
		{path: "hosts/*", on: added, class: Live, reason: "nothing runs on it yet"},
		{path: "hosts/*", on: removed, class: Outage, drags: onHost, prune: true, reason: "its VMs have to be somewhere else"},
		{path: "hosts/*/description", class: None, reason: "only the runbook has it"},
		{path: "hosts/*/os", class: Recreate, drags: onHost, reason: "a host is installed anew by hand"},
		{path: "hosts/*/packages", class: Live, step: "packages", reason: "packages are added; none is removed"},
		{path: "hosts/*/ssh/**", class: None, reason: "only apply uses it"},
		{path: "hosts/*/pools/*", on: added, class: Live, step: "storage", reason: "nothing is in it yet"},
		{path: "hosts/*/pools/*", on: removed, class: None, reason: "a directory is never removed"},
		{path: "hosts/*/pools/*/capacity", class: None, reason: "only findings go by it"},
		{path: "hosts/*/capacity", class: None, reason: "only findings go by it"},
		{path: "hosts/*/capacity/**", class: None, reason: "only findings go by it"},
		{path: "hosts/*/pools/*/path", class: Recreate, step: "storage", drags: onHost,
			reason: "disks are looked for in the new directory, and made there when they are not in it; those in the old one are kept"},
		{path: "hosts/*/bridges/*", on: added, class: Live, step: "ovs", reason: "a new bridge has no users yet"},
		{path: "hosts/*/bridges/*", on: removed, class: Outage, step: "ovs", drags: nicsOnBridge, prune: true, reason: "what is on it loses its port"},
		{path: "hosts/*/bridges/*/description", class: None, reason: "Open vSwitch does not know it"},
		{path: "hosts/*/bridges/*/ports", when: grows, class: Live, step: "ovs", reason: "a port is added in one transaction (ovs-vsctl(8))"},
		{path: "hosts/*/bridges/*/ports", class: Outage, step: "ovs", drags: nicsOnBridge, reason: "the bridge loses an uplink"},
		{path: "hosts/*/bridges/*/bonds/*", on: added, class: Live, step: "ovs", reason: "a port is added in one transaction (ovs-vsctl(8))"},
		{path: "hosts/*/bridges/*/bonds/*", on: removed, class: Outage, step: "ovs", drags: nicsOnBridge, reason: "the bridge loses an uplink"},
		{path: "hosts/*/bridges/*/bonds/*/interfaces", class: Recreate, step: "ovs", drags: nicsOnBridge, reason: "a bond is made anew when its interfaces change; its traffic stops for a moment"},
		{path: "hosts/*/bridges/*/bonds/*/lacp", class: Outage, step: "ovs", drags: nicsOnBridge, reason: "LACP is negotiated anew, and the switch has to agree (ovs-vswitchd.conf.db(5), lacp)"},
		{path: "hosts/*/bridges/*/bonds/*/mode", class: Live, step: "ovs", reason: "flows are spread anew (ovs-vswitchd.conf.db(5), bond_mode)"},
		{path: "hosts/*/bridges/*/datapath", class: Recreate, step: "ovs", drags: nicsOnBridge, reason: "the bridge moves to another datapath, and each port with it (ovs-vswitchd.conf.db(5), datapath_type)"},
		{path: "hosts/*/bridges/*/network", class: Outage, step: "ovs", drags: nicsOnBridge, reason: "the address of the host moves to another network"},
		{path: "hosts/*/bridges/*/address", class: Outage, step: "ovs", drags: onHost, reason: "connections to the old address of the host are cut, those of apply too: it arms an undo first"},
		{path: "hosts/*/bridges/*/broadcast", class: Live, step: "ovs", reason: "only who sends broadcasts notices"},
		{path: "hosts/*/bridges/*/failMode", class: Live, step: "ovs", reason: "it counts when a controller is lost (ovs-vsctl(8), set-fail-mode)"},
		{path: "hosts/*/bridges/*/stp", class: Outage, step: "ovs", drags: nicsOnBridge, reason: "ports do not forward while the spanning tree is found, half a minute"},

		// Images are read when a disk is made.
		{path: "images/*", class: None, reason: "a disk is made from its image once"},
		{path: "images/*/path", class: None, reason: "a disk that exists keeps what it was made from; an installation medium is read at the next start"},
		{path: "images/*/**", class: None, reason: "a disk is made from its image once"},

		// Virtual machines: apply defines them and never stops or restarts one.
		{path: "vms/*", on: added, class: Live, step: "host:libvirt", reason: "a new VM has no users yet"},
		{path: "vms/*", on: removed, class: Outage, step: "host:libvirt", drags: users, prune: true, reason: "it goes; its disks are kept"},
		{path: "vms/*/description", class: None, step: "host:libvirt", reason: "libvirt only keeps it"},
		{path: "vms/*/host", class: Outage, step: "host:libvirt", drags: users, reason: "it is defined on the other host; its disks have to be moved by hand"},
		{path: "vms/*/os", class: Recreate, drags: users, reason: "a guest is what its disk was made from; take a new disk for another system"},
		{path: "vms/*/type", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again (libvirt, formatdomain: domain type)"},
		{path: "vms/*/machine", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again; devices may get other addresses"},
		{path: "vms/*/vcpus", class: Restart, step: "host:libvirt", drags: users, reason: "not hot-pluggable: the definition has no higher maximum (virsh(1), setvcpus)"},
		{path: "vms/*/memory", class: Restart, step: "host:libvirt", drags: users, reason: "not hot-pluggable: the definition has no higher maximum (virsh(1), setmem)"},
		{path: "vms/*/uuid", class: Recreate, step: "host:libvirt", drags: users, reason: "libvirt takes it for another VM of the same name: undefine the old one first"},
		{path: "vms/*/autostart", class: Live, step: "host:libvirt", reason: "it counts when the host boots (virsh(1), autostart)"},
		{path: "vms/*/provision", class: None, reason: "it counts when a disk is made; a drive for a seed comes with the next start of the VM"},
		{path: "vms/*/authorizedKeys", class: None, reason: "it counts when a disk is made"},
		{path: "vms/*/ssh/**", class: None, reason: "only apply uses it"},
		{path: "vms/*/packages", class: Live, step: "packages", reason: "packages are added; none is removed"},
		{path: "vms/*/disks/*", on: added, class: Restart, step: "host:libvirt", drags: users, reason: "the disk is made at once, and attached when the VM starts again"},
		{path: "vms/*/disks/*", on: removed, class: Restart, step: "host:libvirt", drags: users, reason: "detached when the VM starts again; the disk itself is kept"},
		{path: "vms/*/disks/*/size", class: None, step: "host:storage", reason: "a disk that exists keeps its size; virsh blockresize grows it"},
		{path: "vms/*/disks/*/pool", class: Recreate, step: "host:storage", drags: users, reason: "the disk is looked for in the other pool, and made there when it is not in it; the old one is kept"},
		{path: "vms/*/disks/*/image", class: None, step: "host:storage", reason: "a disk is made from its image once"},
		{path: "vms/*/disks/*/clone", class: None, step: "host:storage", reason: "a disk is made from its image once"},
		{path: "vms/*/disks/*/**", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again (libvirt, formatdomain: disk driver)"},
		{path: "vms/*/interfaces/*", on: added, class: Restart, step: "host:libvirt", drags: users, reason: "apply does not hot-plug: the interface is there when the VM starts again"},
		{path: "vms/*/interfaces/*", on: removed, class: Restart, step: "host:libvirt", drags: users, reason: "gone when the VM starts again"},
		{path: "vms/*/interfaces/*/address", class: Outage, drags: users, reason: "connections to the old address are cut; who names the VM follows"},
		{path: "vms/*/interfaces/*/network", class: Outage, step: "host:libvirt", drags: users, reason: "the port is on the other network when the VM starts again"},
		{path: "vms/*/interfaces/*/mac", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again; neighbours have to learn it"},
		{path: "vms/*/interfaces/*/**", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again (libvirt, formatdomain: interface driver)"},
		{path: "vms/*/install/**", class: Restart, step: "host:libvirt", reason: "the medium is in the drive when the VM starts again"},
		{path: "vms/*/boot/**", class: Restart, step: "host:libvirt", drags: users, reason: "read when the VM starts again"},
		{path: "vms/*/graphics/**", class: Restart, step: "host:libvirt", drags: users, reason: "a display is there when the VM starts again"},
		{path: "vms/*/serial/**", class: Restart, step: "host:libvirt", drags: users, reason: "the log of the console is opened when the VM starts again"},
		{path: "vms/*/libvirt/**", class: Restart, step: "host:libvirt", drags: users, reason: "takes effect when the VM starts again"},
		{path: "vms/*/files/*", on: added, class: Live, step: "files", reason: "put in place at once"},
		{path: "vms/*/files/*", on: removed, class: Live, step: "files", prune: true, reason: "whoever reads it misses it"},
		{path: "vms/*/files/*/**", class: Live, step: "files", reason: "replaced in one step; a program reads it when it opens it next"},

		// The router. A commit of VyOS changes only what differs.
		{path: "vms/*/router", class: Outage, step: "router", drags: users, reason: "the VM starts or stops to be a router"},
		{path: "vms/*/router/platform", class: Outage, step: "router", drags: flows, reason: "the router is another system"},
		{path: "vms/*/router/version", class: Outage, step: "router", drags: flows, reason: "another version of VyOS is installed by hand; its commands may differ"},
		{path: "vms/*/router/nameServers", class: Live, step: "router", reason: "the router's own resolver"},
		{path: "vms/*/router/dhcpServer/*", on: added, class: Live, step: "router", reason: "who has an address keeps it"},
		{path: "vms/*/router/dhcpServer/*", on: removed, class: Outage, step: "router", reason: "who has borrowed an address loses it when the lease ends"},
		{path: "vms/*/router/dhcpServer/**", class: Live, step: "router", reason: "clients learn of it when they renew their lease; the server starts again and keeps what it has lent"},
		{path: "vms/*/router/dnsForwarding", on: added, class: Live, step: "router", reason: "nobody asks it yet"},
		{path: "vms/*/router/dnsForwarding", on: removed, class: Outage, step: "router", reason: "who has it for a resolver resolves no names any more"},
		{path: "vms/*/router/dnsForwarding/**", class: Restart, step: "router", reason: "the forwarder starts again with an empty cache; queries are asked again (resolv.conf(5), timeout)"},
		{path: "vms/*/router/staticRoutes", class: Live, step: "router", reason: "routes are replaced; connections by a route that goes are cut"},
		{path: "vms/*/router/nat/*/*/description", class: None, step: "router", reason: "VyOS only keeps it"},
		{path: "vms/*/router/nat/**", class: Live, step: "router", reason: "counts for new connections; connection tracking keeps the translation of old ones"},
		{path: "vms/*/router/firewall/rulesets/*/description", class: None, step: "router", reason: "VyOS only keeps it"},
		{path: "vms/*/router/firewall/rulesets/*/rules/*/description", class: None, step: "router", reason: "VyOS only keeps it"},
		{path: "vms/*/router/firewall/statePolicy/**", class: Live, step: "router", drags: flows, reason: "loaded in one transaction (nft(8)); it decides about the packets of all connections"},
		{path: "vms/*/router/firewall/**", class: Live, step: "router", reason: "loaded in one transaction (nft(8)); established connections go by the state policy"},
		{path: "vms/*/router/openvpn/*", on: added, class: Live, step: "router", reason: "a new tunnel has no clients yet"},
		{path: "vms/*/router/openvpn/*", on: removed, class: Outage, step: "router", drags: tunnelClients, reason: "its clients are cut off"},
		{path: "vms/*/router/openvpn/*/description", class: None, step: "router", reason: "VyOS only keeps it"},
		{path: "vms/*/router/openvpn/*/remote", class: None, reason: "only client profiles have it: hand them out again"},
		{path: "vms/*/router/openvpn/*/clients/*", on: removed, class: Restart, step: "router", drags: tunnelClients, reason: "openvpn starts again; the certificate has to be revoked besides"},
		{path: "vms/*/router/openvpn/*/clients/**", class: Restart, step: "router", drags: tunnelClients, reason: "openvpn starts again and all clients reconnect"},
		{path: "vms/*/router/openvpn/*/pushRoutes", class: Restart, step: "router", drags: tunnelClients, reason: "openvpn starts again and all clients reconnect"},
		{path: "vms/*/router/openvpn/*/nameServers", class: Restart, step: "router", drags: tunnelClients, reason: "openvpn starts again and all clients reconnect"},
		{path: "vms/*/router/openvpn/*/**", class: Outage, step: "router", drags: tunnelClients, reason: "both ends have to agree: clients need their new profile"},
		{path: "vms/*/router/extraCommands", class: Live, step: "router", reason: "committed as they are; what they do nobody knows"},

		// Varnish: the programme of the child is loaded beside the old one.
		{path: "vms/*/varnish", class: Outage, step: "varnish", drags: users, reason: "the cache comes or goes"},
		{path: "vms/*/varnish/listen", class: Restart, step: "varnish", drags: users, reason: "an argument of varnishd(1); the cache is empty afterwards"},
		{path: "vms/*/varnish/storage", class: Restart, step: "varnish", drags: users, reason: "an argument of varnishd(1); the cache is empty afterwards"},
		{path: "vms/*/varnish/**", class: Reload, step: "varnish", reason: "vcl.load and vcl.use keep the cache and open connections (varnish-cli(7))"},

		// nginx: new workers take over, old ones end what they serve.
		{path: "vms/*/nginx", class: Outage, step: "nginx", drags: users, reason: "the web server comes or goes"},
		{path: "vms/*/nginx/sites/*", on: removed, class: Reload, step: "nginx", drags: users, reason: "the site is gone; its requests go to the default server"},
		{path: "vms/*/nginx/sites/*/description", class: None, step: "nginx", reason: "a comment"},
		{path: "vms/*/nginx/sites/*/listen", class: Reload, step: "nginx", drags: users, reason: "the new socket is opened and the old one closed on reload; who asks the old port is refused"},
		{path: "vms/*/nginx/**", class: Reload, step: "nginx", reason: "new workers take over, old ones end their requests (nginx: controlling nginx)"},

		// php-fpm.
		{path: "vms/*/php", class: Outage, step: "php", drags: sites, reason: "the pool comes or goes"},
		{path: "vms/*/php/version", class: Restart, step: "php", drags: sites, reason: "another php-fpm with another socket"},
		{path: "vms/*/php/pool", class: Recreate, step: "php", drags: sites, reason: "another pool with another socket"},
		{path: "vms/*/php/**", class: Reload, step: "php", drags: sites, reason: "SIGUSR2 ends running requests, unless process_control_timeout lets them end (php-fpm manual)"},

		// The database.
		{path: "vms/*/mariadb", class: Outage, step: "mariadb", drags: applications, reason: "the database comes or goes"},
		{path: "vms/*/mariadb/flavor", class: Recreate, step: "mariadb", drags: applications, reason: "another server with other files; take a dump first"},
		{path: "vms/*/mariadb/bindAddress", class: Restart, step: "mariadb", drags: applications, reason: "not dynamic (MariaDB, bind_address)"},
		{path: "vms/*/mariadb/port", class: Restart, step: "mariadb", drags: applications, reason: "not dynamic (MariaDB, port)"},
		{path: "vms/*/mariadb/characterSet", class: Restart, step: "mariadb", drags: applications, reason: "read at start; databases that exist keep theirs"},
		{path: "vms/*/mariadb/databases/*", on: removed, class: None, step: "mariadb", reason: "a database is never removed"},
		{path: "vms/*/mariadb/databases/*/tables/*", on: removed, class: None, step: "mariadb", reason: "a table is never removed"},
		{path: "vms/*/mariadb/databases/*/tables/*/columns/**", class: None, step: "mariadb", reason: "a table that exists keeps its columns: migrate it by hand"},
		{path: "vms/*/mariadb/databases/*/tables/*/primaryKey", class: None, step: "mariadb", reason: "a table that exists keeps its keys: migrate it by hand"},
		{path: "vms/*/mariadb/databases/**", class: Live, step: "mariadb", reason: "SQL that only adds"},
		{path: "vms/*/mariadb/users/*", on: removed, class: Outage, step: "mariadb", drags: applications, prune: true, reason: "who logs in with the account is refused"},
		{path: "vms/*/mariadb/users/*/password", class: Live, step: "mariadb", drags: applications, reason: "new connections need the new password"},
		{path: "vms/*/mariadb/users/**", class: Live, step: "mariadb", reason: "counts for new connections, privileges of tables at the next statement (MariaDB, GRANT)"},
	}
}

// stepRule is what it means that a step's files change though nothing of its
// own in the model does.
func stepRule(step string) rule {
	for _, r := range []rule{
		{step: "packages", class: Live, reason: "packages are added; none is removed"},
		{step: "ovs", class: Live, reason: "bridges are brought to what the script says"},
		{step: "network", class: None, reason: "read when the host boots"},
		{step: "storage", class: Live, reason: "disks that are missing are made"},
		{step: "first-boot", class: None, reason: "read when a disk is made"},
		{step: "libvirt", class: Restart, reason: "a definition takes effect when its VM starts again"},
		{step: "router", class: Live, reason: "a commit changes only what differs"},
		{step: "dnsmasq", class: Restart, reason: "dnsmasq starts again with an empty cache; leases are kept"},
		{step: "system", class: Live, reason: "names and addresses of other machines"},
		{step: "files", class: Live, reason: "replaced in one step"},
		{step: "mariadb", class: Live, reason: "SQL that only adds"},
		{step: "php", class: Reload, reason: "SIGUSR2 ends running requests, unless process_control_timeout lets them end (php-fpm manual)"},
		{step: "nginx", class: Reload, reason: "new workers take over, old ones end their requests (nginx: controlling nginx)"},
		{step: "varnish", class: Reload, reason: "vcl.load and vcl.use keep the cache and open connections (varnish-cli(7))"},
	} {
		if r.step == step {
			return r
		}
	}
	return rule{class: Restart, reason: "what this step does is not known here"}
}
