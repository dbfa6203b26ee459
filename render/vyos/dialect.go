package vyos

// dialect is what differs between releases, as words that stand at the same
// place of a command. The zero dialect does not exist.
type dialect struct {
	version string

	ruleset       string // before the name of a ruleset for IPv4
	globalOptions string // before all-ping and state-policy
	defaultLog    string // of a ruleset
	natInterface  string // between a NAT rule's direction and its interface
	ciphers       string // the list of an OpenVPN interface
}

// dialects has a column for each release; read it across.
func dialects() []dialect {
	return []dialect{{
		version:       "1.4",
		ruleset:       "firewall ipv4 name",
		globalOptions: "firewall global-options",
		defaultLog:    "default-log",
		natInterface:  "name",
		ciphers:       "encryption ncp-ciphers",
	}}
}

// dialectOf is the dialect of a release. The schema knows no other releases.
func dialectOf(version string) dialect {
	for _, d := range dialects() {
		if d.version == version {
			return d
		}
	}
	return dialect{}
}
