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

// script is the program that brings a router to its list of commands.
func script(vm *topology.VM) (artifact.File, error) {
	text, err := templates.Text(templates.Must("vyos/commit.sh.tmpl"), struct {
		Header, Router, End string
		Owned, Lists        []string
		Bindings            []string
		Secret              string
	}{artifact.Header, vm.Name, end, owned(), lists(), bindingPatterns(), expression(secret())})
	return artifact.File{Machine: vm.Name, Path: "vyos/commit.sh", Content: text, Script: true, Step: stepName}, err
}

// owned are the parts of a router's configuration that follow from the
// topology alone, of all releases: what is there and not in the list of
// commands is deleted. The rest is left to whoever wrote it.
func owned() []string {
	var patterns []string
	for _, kind := range bound() {
		patterns = append(patterns, "interfaces "+kind+" firewall")
	}
	for _, leaf := range []string{"address", "bond-group", "description", "mac", "mtu", "vif"} {
		patterns = append(patterns, "interfaces ethernet * "+leaf)
	}
	return slices.Concat(patterns, []string{
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
		"high-availability vrrp group",
		"interfaces bonding",
		"interfaces dummy",
		"interfaces loopback * address",
		"interfaces loopback * description",
		"interfaces openvpn",
		"interfaces wireguard",
		"nat",
		"protocols static interface-route",
		"protocols static interface-route6",
		"protocols static route",
		"protocols static route6",
		"service dhcp-server",
		"service dns forwarding",
		"system domain-name",
		"system host-name",
		"system name-server",
		"system static-host-mapping",
		"vpn ipsec authentication psk",
		"vpn ipsec esp-group",
		"vpn ipsec ike-group",
		"vpn ipsec interface",
		"vpn ipsec ipsec-interfaces",
		"vpn ipsec site-to-site",
	}, stores())
}

// stores are the parts of the key store that bear our names: those of
// interfaces.
func stores() []string {
	return []string{"pki ca vtun*", "pki certificate vtun*", "pki dh vtun*"}
}

// bound are the kinds of interface that old releases hang rulesets on.
func bound() []string {
	return []string{"ethernet *", "ethernet * vif *", "bonding *", "bonding * vif *", "dummy *", "openvpn *", "wireguard *"}
}

// bindingPatterns are where rulesets are put to work.
func bindingPatterns() []string {
	patterns := []string{"firewall ipv4 forward", "firewall ipv4 input", "firewall ipv6 forward", "firewall ipv6 input"}
	for _, kind := range bound() {
		patterns = append(patterns, "interfaces "+kind+" firewall")
	}
	return patterns
}

// lists are the leaves that have several values.
func lists() []string {
	return []string{
		"firewall group address-group * address",
		"firewall group interface-group * interface",
		"firewall group ipv6-address-group * address",
		"firewall group ipv6-network-group * network",
		"firewall group network-group * network",
		"firewall group port-group * port",
		"firewall ipv4 name * rule * state",
		"firewall ipv6 name * rule * state",
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
		"system name-server",
		"system static-host-mapping host-name * alias",
		"system static-host-mapping host-name * inet",
		"vpn ipsec authentication psk * id",
		"vpn ipsec interface",
		"vpn ipsec ipsec-interfaces interface",
	}
}

// secret are the leaves whose values nobody may see in a log.
func secret() []string {
	return []string{
		"interfaces wireguard * peer * preshared-key",
		"interfaces wireguard * private-key",
		"pki ca * certificate",
		"pki certificate * certificate",
		"pki certificate * private key",
		"pki dh * parameters",
		"vpn ipsec authentication psk * secret",
		"vpn ipsec site-to-site peer * authentication pre-shared-secret",
	}
}

// expression is a regular expression of sed(1) for any of some paths.
func expression(patterns []string) string {
	return strings.ReplaceAll(strings.Join(patterns, `\|`), "*", "[^ ]*")
}
