package vyos

import (
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// end is the last line of a list of commands.
const end = "# End of the configuration."

// scriptFile is the program that brings a router to its list of commands.
func scriptFile(vm *topology.VM) (artifact.File, error) {
	d := dialectOf(vm.Router.Version)
	file := artifact.File{Machine: vm.Name, Path: "vyos/commit.sh", Format: artifact.Shell, Script: true, Step: stepName}
	return templates.File(file, "vyos/commit.sh.tmpl", struct {
		Router, End        string
		Owned, Kept, Lists []string
		Bindings           []string
		Secret, SecretTag  string
	}{vm.Name, end, ownedPatterns(vm.Router), keptPatterns(vm.Router), lists(d), bindingPatterns(),
		expression(secretLeaves()), secretTag})
}

// ownedPatterns are the parts of a router's configuration that follow from the
// topology alone, of all releases: what is there and not in the list of
// commands is deleted. The rest is left to whoever wrote it.
func ownedPatterns(r *topology.Router) []string {
	var patterns []string
	for _, kind := range bound() {
		patterns = append(patterns, "interfaces "+kind+" firewall")
	}
	for _, leaf := range []string{"address", "bond-group", "description", "mac", "mtu", "traffic-policy", "vif"} {
		patterns = append(patterns, "interfaces ethernet * "+leaf)
	}
	return slices.Concat(patterns, protocolPatterns(r), []string{
		"firewall all-ping",
		"firewall global-options all-ping",
		"firewall global-options state-policy",
		"firewall group address-group",
		"firewall group interface-group",
		"firewall group ipv6-address-group",
		"firewall group ipv6-network-group",
		"firewall group network-group",
		"firewall group port-group",
		"firewall ipv4",
		"firewall ipv6",
		"firewall ipv6-name",
		"firewall name",
		"firewall state-policy",
		"firewall zone",
		"high-availability vrrp group",
		"interfaces bonding",
		"interfaces dummy",
		"interfaces loopback * address",
		"interfaces loopback * description",
		"interfaces openvpn",
		"interfaces wireguard",
		"nat",
		"protocols bgp",
		"qos interface",
		"qos policy shaper shaper-*",
		"service router-advert",
		"traffic-policy shaper shaper-*",
		"protocols ospf",
		"protocols static interface-route",
		"protocols static interface-route6",
		"protocols static route",
		"protocols static route6",
		"service dhcp-server",
		"service dns forwarding",
		"service lldp",
		"service snmp",
		"service ssh disable-password-authentication",
		"service ssh listen-address",
		"service ssh port",
		"system domain-name",
		"system host-name",
		"system name-server",
		"system option ctrl-alt-delete",
		"system option reboot-on-panic",
		"system options",
		"system static-host-mapping",
		"system syslog host",
		"vpn ipsec authentication psk",
		"vpn ipsec esp-group",
		"vpn ipsec ike-group",
		"vpn ipsec interface",
		"vpn ipsec ipsec-interfaces",
		"vpn ipsec site-to-site",
		"zone-policy",
	}, stores())
}

// protocolPatterns are parts that an installation has from the beginning, so that they
// are ours only if the topology speaks of them.
func protocolPatterns(r *topology.Router) (patterns []string) {
	if r.NTP != nil {
		patterns = append(patterns, "service ntp", "system ntp")
	}
	if r.System.TimeZone != "" {
		patterns = append(patterns, "system time-zone")
	}
	if len(r.System.Users) > 0 {
		patterns = append(patterns, "system login user")
	}
	return patterns
}

// keptPatterns is what is left alone within that. Passwords that the topology does not
// speak of stay; the node for one in plain text stays empty where it was used.
func keptPatterns(r *topology.Router) (patterns []string) {
	for _, u := range r.System.Users {
		patterns = append(patterns, "system login user "+u.Name+" authentication plaintext-password")
		if u.Password == "" {
			patterns = append(patterns, "system login user "+u.Name+" authentication encrypted-password")
		}
	}
	return patterns
}

// stores are the parts of the key store that bear our names: those of
// interfaces.
func stores() []string {
	return []string{"pki ca vtun*", "pki certificate vtun*", "pki dh vtun*"}
}

// bound are the kinds of interface that old releases hang rulesets on.
func bound() []string {
	return []string{"ethernet *", "ethernet * vif *", "bonding *", "bonding * vif *", "dummy *", "openvpn *",
		"wireguard *"}
}

// bindingPatterns are where rulesets are put to work.
func bindingPatterns() []string {
	patterns := []string{"firewall ipv4 forward", "firewall ipv4 input", "firewall ipv6 forward", "firewall ipv6 input",
		"firewall zone", "zone-policy"}
	for _, kind := range bound() {
		patterns = append(patterns, "interfaces "+kind+" firewall")
	}
	return patterns
}

// lists are the leaves that have several values in a release.
func lists(d dialect) []string {
	var patterns []string
	if d.has(manyValues) {
		patterns = []string{"service ssh port", "system static-host-mapping host-name * inet"}
	}
	return append(patterns,
		"firewall group address-group * address",
		"firewall group interface-group * interface",
		"firewall group ipv6-address-group * address",
		"firewall group ipv6-network-group * network",
		"firewall group network-group * network",
		"firewall group port-group * port",
		"firewall ipv4 name * rule * state",
		"firewall ipv6 name * rule * state",
		"firewall zone * interface",
		"interfaces bonding * address",
		"interfaces bonding * member interface",
		"interfaces bonding * vif * address",
		"interfaces dummy * address",
		"interfaces ethernet * address",
		"interfaces ethernet * vif * address",
		"interfaces loopback * address",
		"interfaces openvpn * encryption data-ciphers",
		"interfaces openvpn * encryption ncp-ciphers",
		"interfaces openvpn * openvpn-option",
		"interfaces openvpn * server client * ip",
		"interfaces openvpn * server name-server",
		"interfaces openvpn * server push-route",
		"interfaces openvpn * server subnet",
		"interfaces openvpn * tls ca-certificate",
		"interfaces wireguard * address",
		"interfaces wireguard * peer * allowed-ips",
		"service dhcp-server shared-network-name * subnet * dns-server",
		"service dhcp-server shared-network-name * subnet * name-server",
		"service dhcp-server shared-network-name * subnet * option name-server",
		"service dns forwarding allow-from",
		"service dns forwarding listen-address",
		"service dns forwarding listen-on",
		"service dns forwarding name-server",
		"service ntp allow-client address",
		"service snmp community * network",
		"service ssh listen-address",
		"protocols ospf area * network",
		"protocols ospf passive-interface",
		"service router-advert interface * name-server",
		"system name-server",
		"system ntp allow-clients address",
		"system static-host-mapping host-name * alias",
		"vpn ipsec authentication psk * id",
		"vpn ipsec interface",
		"vpn ipsec ipsec-interfaces interface",
		"zone-policy zone * interface",
	)
}

// secretLeaves are the leaves whose values nobody may see in a log.
func secretLeaves() []string {
	return []string{
		"interfaces wireguard * peer * preshared-key",
		"interfaces wireguard * private-key",
		"pki ca * certificate",
		"pki certificate * certificate",
		"pki certificate * private key",
		"pki dh * parameters",
		"system login user * authentication encrypted-password",
		"vpn ipsec authentication psk * secret",
		"vpn ipsec site-to-site peer * authentication pre-shared-secret",
	}
}

// secretTag is the node whose tag nobody may see in a log.
const secretTag = "service snmp community"

// expression is a regular expression of sed(1) for any of some paths.
func expression(patterns []string) string {
	return strings.ReplaceAll(strings.Join(patterns, `\|`), "*", "[^ ]*")
}
