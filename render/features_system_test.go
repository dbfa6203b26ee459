package render_test

// systemFeatures are those of services on the router and of the router itself.
func systemFeatures() []feature {
	const (
		rsa     = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC+/5RfqsJOk7IeiY5r9LOV230UbA5op8JNBlSGDOYQ7pIC8dmwA8s7tDbSl4vJIl44CwFUXmnx2kMnVlDdceLjvqhOyKoHnc/FnGImki/vywd+EsB2/zNGa16UWdJxfZKEc50GeBoymBpzVyZc5jf8lMej16P7xsze9ikXc21Htw== bob"
		ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w"
		account = "{ system: { users: { vyos: { publicKeys: { laptop: '" + rsa + "' } } } } }"
	)
	users := func(fields string) string { return "{ system+: { users+: { alice: { " + fields + " } } } }" }
	return []feature{
		{name: "NTP", patch: "{ ntp: { servers: { '0.pool.ntp.org': {}, '192.0.2.123': { prefer: true } } } }"},
		{name: "NTP: a name for many servers", patch: "{ ntp: { servers: { 'pool.ntp.org': { pool: true } } } }"},
		{name: "NTP: for some networks", patch: "{ ntp: { servers: { '0.pool.ntp.org': {} }, networks: ['lan'] } }"},
		{name: "SSH: on some networks", patch: "{ ssh: { networks: ['wan'] } }"},
		{name: "SSH: keys only", patch: "{ ssh: { disablePasswordAuthentication: true } }"},
		{name: "SSH: another port", whole: "{ vms+: { rtr01+: { ssh: { port: 2222 } } } }"},
		{name: "LLDP", patch: "{ lldp: {} }"},
		{name: "LLDP: on some interfaces", patch: "{ lldp: { interfaces: ['eth1'] } }"},
		{name: "SNMP", patch: "{ snmp: { community: { secret: 'snmp' }, networks: ['lan'], location: 'rack 7, left', contact: 'noc@example.net' } }"},
		{name: "accounts with RSA keys", patch: account},
		{name: "accounts with newer keys", given: account, patch: users("publicKeys: { laptop: '" + ed25519 + "' }")},
		{name: "accounts with passwords", given: account, patch: users("fullName: 'Alice B.', password: { secret: 'alice' }")},
		{name: "syslog to another host", patch: "{ system: { syslog: { '192.0.2.9': {}, 'log.example.net': { facility: 'auth', level: 'err' } } } }"},
		{name: "syslog over TCP", patch: "{ system: { syslog: { '192.0.2.9': { protocol: 'tcp' } } } }"},
		{name: "syslog to another port", patch: "{ system: { syslog: { '192.0.2.9': { port: 5514 } } } }"},
		{name: "time zone", patch: "{ system: { timeZone: 'Europe/Berlin' } }"},
		{name: "restart after a panic", patch: "{ system: { options: { rebootOnPanic: true } } }"},
		{name: "Ctrl-Alt-Delete", patch: "{ system: { options: { ctrlAltDelete: 'ignore' } } }"},
		{name: "resolvers of the router", patch: "{ nameServers: ['9.9.9.9'] }"},
		{name: "commands of the user", patch: "{ extraCommands: [\"set system time-zone 'UTC'\"] }"},
	}
}
