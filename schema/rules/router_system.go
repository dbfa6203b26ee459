package rules

// exampleKey is a public key whose private half nobody has.
const exampleKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w"

// routerSystem are the rules about how a router is looked after.
func routerSystem() []Rule {
	return []Rule{{
		Name:   "router/no-account",
		What:   "accounts of a VyOS router without the one that apply logs in with",
		Why:    "it would be removed, and apply could not come back",
		Breaks: "{ vms+: { rtr01+: { router+: { system: { users: { alice: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { ssh: { user: 'alice' }, router+: { system: { users: { alice: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Fix:    "add the account, or write another one in ssh",
		Source: "VyOS, system login",
		Firm:   true,
	}, {
		Name:   "router/system-account",
		What:   "an account of the system itself",
		Why:    "programs have it: VyOS refuses it, and on Debian they would run as somebody else",
		Breaks: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: {}, root: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: {}, alice: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Fix:    "give a person an account of their own",
		Source: "VyOS, system login; base-passwd of Debian",
		Firm:   true,
	}, {
		Name:   "router/no-login",
		What:   "an account with neither a key nor a password",
		Why:    "nobody can log in with it",
		Breaks: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: {}, alice: {} } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: {}, alice: { password: { secret: 'rtr01/alice' } } } } } } } }",
		Fix:    "add a key",
		Source: "VyOS, system login user authentication",
	}, {
		Name:   "router/public-key",
		What:   "a public key that is cut short, or of another type than it says",
		Why:    "it lets nobody in",
		Breaks: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: { publicKeys: { laptop: 'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Y' } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { system: { users: { vyos: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Fix:    "copy the whole line of the .pub file",
		Source: "RFC 4253, section 6.6",
		Firm:   true,
	}, {
		Name:   "router/no-key",
		What:   "an account that apply logs in with, without a key on a router that takes keys only",
		Why:    "apply could not come back",
		Breaks: "{ vms+: { rtr01+: { router+: { ssh: { disablePasswordAuthentication: true }, system: { users: { vyos: { password: { secret: 'rtr01/vyos' } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { ssh: { disablePasswordAuthentication: true }, system: { users: { vyos: { publicKeys: { laptop: '" + exampleKey + "' } } } } } } } }",
		Fix:    "add a key",
		Source: "sshd_config(5), PasswordAuthentication",
		Firm:   true,
	}, {
		Name:   "router/time-zone",
		What:   "a time zone that there is not",
		Why:    "the router refuses it",
		Breaks: "{ vms+: { rtr01+: { router+: { system: { timeZone: 'Europe/Berln' } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { system: { timeZone: 'Europe/Berlin' } } } } }",
		Fix:    "write a region and a place, or UTC",
		Source: "IANA time zone database",
		Firm:   true,
	}, {
		Name:   "router/ssh-elsewhere",
		What:   "a router whose SSH server does not listen where apply comes in",
		Why:    "apply could not come back",
		Breaks: "{ vms+: { rtr01+: { router+: { ssh: { networks: ['lan'] } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { ssh: { networks: ['public', 'lan'] } } } } }",
		Fix:    "add the network, or say another address in the ssh block of the VM",
		Source: "sshd_config(5), ListenAddress",
	}}
}

// oldKey is a public key of the only type that every release takes.
const oldKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC+/5RfqsJOk7IeiY5r9LOV230UbA5op8JNBlSGDOYQ7pIC8dmwA8s7tDbSl4vJIl44CwFUXmnx2kMnVlDdceLjvqhOyKoHnc/FnGImki/vywd+EsB2/zNGa16UWdJxfZKEc50GeBoymBpzVyZc5jf8lMej16P7xsze9ikXc21Htw== bob"

// tokenKey is a public key in a hardware token.
const tokenKey = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo="

// systemTargets are the rules about what a release does not have for those who
// look after it.
func systemTargets() []Rule {
	old := func(more string) string {
		return "{ vms+: { rtr01+: { router+: { version: '1.1', openvpn:: {}, " + more + " } } } }"
	}
	const refused = "VyOS has no command for it"
	return []Rule{{
		Name:   "vyos/unsupported-lldp",
		What:   "LLDP on a release that does not speak it",
		Why:    refused,
		Breaks: old("lldp: {}"),
		Passes: "{ vms+: { rtr01+: { router+: { version: '1.3', lldp: {} } } } }",
		Fix:    "write a newer version, or leave lldp out",
		Source: "VyOS, service lldp",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-ntp-networks",
		What:   "an NTP server for some networks, on a release that serves all or none",
		Why:    refused,
		Breaks: old("ntp: { servers: { 'pool.ntp.org': {} }, networks: ['lan'] }"),
		Passes: old("ntp: { servers: { 'pool.ntp.org': {} } }"),
		Fix:    "write a newer version, or leave networks out",
		Source: "VyOS 1.3, system ntp allow-clients",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-ntp-pool",
		What:   "a name that stands for many NTP servers, on a release that asks one",
		Why:    refused,
		Breaks: old("ntp: { servers: { 'pool.ntp.org': { pool: true } } }"),
		Passes: old("ntp: { servers: { '0.pool.ntp.org': {}, '1.pool.ntp.org': {} } }"),
		Fix:    "write a newer version, or name three servers",
		Source: "VyOS 1.3, system ntp server pool",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-key-type",
		What:   "an SSH key of a kind that is newer than the release",
		Why:    "VyOS refuses the command",
		Breaks: old("system: { users: { vyos: { publicKeys: { laptop: '" + exampleKey + "' } } } }"),
		Passes: old("system: { users: { vyos: { publicKeys: { laptop: '" + oldKey + "' } } } }"),
		Fix:    "write a newer version, or an RSA key",
		Source: "VyOS 1.1, system login user authentication public-keys type",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-token-key",
		What:   "an SSH key in a hardware token, on a release that does not know such keys",
		Why:    "VyOS refuses the command",
		Breaks: "{ vms+: { rtr01+: { router+: { version: '1.3', system: { users: { vyos: { publicKeys: { token: '" + tokenKey + "' } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { version: '1.4', system: { users: { vyos: { publicKeys: { token: '" + tokenKey + "' } } } } } } } }",
		Fix:    "write a newer version, or a key of another type",
		Source: "VyOS 1.3, system login user authentication public-keys type",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-syslog-port",
		What:   "a syslog host on another port, on a release that sends to port 514",
		Why:    refused,
		Breaks: old("system: { syslog: { '10.0.1.9': { port: 5514 } } }"),
		Passes: old("system: { syslog: { '10.0.1.9': { port: 514 } } }"),
		Fix:    "write a newer version, or let the host listen on port 514",
		Source: "VyOS 1.3, system syslog host port",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-syslog-tcp",
		What:   "syslog over TCP on a release that sends by UDP",
		Why:    refused,
		Breaks: "{ vms+: { rtr01+: { router+: { version: 'vc6.6', openvpn:: {}, system: { syslog: { '10.0.1.9': { protocol: 'tcp' } } } } } } }",
		Passes: old("system: { syslog: { '10.0.1.9': { protocol: 'tcp' } } }"),
		Fix:    "write a newer version, or protocol: 'udp'",
		Source: "VyOS 1.1, system syslog host facility protocol",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-ctrl-alt-delete",
		What:   "a choice of what Ctrl-Alt-Delete does, on a release without one",
		Why:    refused,
		Breaks: "{ vms+: { rtr01+: { router+: { version: 'vc6.6', openvpn:: {}, system: { options: { ctrlAltDelete: 'ignore' } } } } } }",
		Passes: old("system: { options: { ctrlAltDelete: 'ignore' } }"),
		Fix:    "write a newer version, or leave it out",
		Source: "VyOS 1.1, system options ctrl-alt-del-action",
		Firm:   true,
	}}
}
