package vyos

import "slices"

// releases are the dialects, oldest first.
func releases() []string { return []string{"vc6.6", "1.1", "1.3", "1.4", "1.5", "rolling"} }

// word is a part of a command that releases say differently.
type word int

const (
	ruleset word = iota
	ruleset6
	zone
	globalOptions
	defaultLog
	natInterface
	anyInterface
	ciphers
	caFile
	certFile
	keyFile
	dhFile
	dhcpOption
	dhcpNameServer
	mappingMAC
	peerKey
	oneCipher
	ipsecInterface
	sharedAddress
	shaper
	ntpService
	ntpClients
	systemOptions
	ctrlAltDelete
	wordCount
)

// since is a word from a release on, until the next.
type since struct{ release, text string }

// spellings are the differences, a row for each: read it across, from old to new.
func spellings() [wordCount][]since {
	return [wordCount][]since{
		ruleset:       {{"vc6.6", "firewall name"}, {"1.4", "firewall ipv4 name"}},
		ruleset6:      {{"vc6.6", "firewall ipv6-name"}, {"1.4", "firewall ipv6 name"}},
		zone:          {{"vc6.6", "zone-policy zone"}, {"1.4", "firewall zone"}},
		globalOptions: {{"vc6.6", "firewall"}, {"1.4", "firewall global-options"}},
		defaultLog:    {{"vc6.6", "enable-default-log"}, {"1.4", "default-log"}},
		natInterface:  {{"vc6.6", ""}, {"1.4", "name"}},
		anyInterface:  {{"vc6.6", "any"}, {"1.4", ""}},
		ciphers:       {{"vc6.6", "encryption"}, {"1.3", "encryption ncp-ciphers"}, {"1.5", "encryption data-ciphers"}},
		caFile:        {{"vc6.6", "ca-cert-file"}, {"1.4", "ca-certificate"}},
		certFile:      {{"vc6.6", "cert-file"}, {"1.4", "certificate"}},
		keyFile:       {{"vc6.6", "key-file"}, {"1.4", ""}},
		shaper:        {{"vc6.6", "traffic-policy shaper"}, {"1.4", "qos policy shaper"}},
		sharedAddress: {{"vc6.6", "virtual-address"}, {"1.4", "address"}},
		dhFile:        {{"vc6.6", "dh-file"}, {"1.4", "dh-params"}},

		dhcpOption:     {{"vc6.6", ""}, {"1.5", "option"}},
		dhcpNameServer: {{"vc6.6", "dns-server"}, {"1.3", "name-server"}},
		mappingMAC:     {{"vc6.6", "mac-address"}, {"1.5", "mac"}},
		oneCipher:      {{"vc6.6", "encryption"}, {"1.3", "encryption cipher"}},
		peerKey:        {{"1.3", "pubkey"}, {"1.4", "public-key"}},
		ipsecInterface: {{"vc6.6", "ipsec-interfaces interface"}, {"1.4", "interface"}},
		ntpService:     {{"vc6.6", "system ntp"}, {"1.4", "service ntp"}},
		ntpClients:     {{"1.3", "allow-clients address"}, {"1.4", "allow-client address"}},
		systemOptions:  {{"vc6.6", "system options"}, {"1.3", "system option"}},
		ctrlAltDelete:  {{"1.1", "ctrl-alt-del-action"}, {"1.3", "ctrl-alt-delete"}},
	}
}

// trait is a way of saying or doing something that a release has or has not.
type trait int

const (
	hookChains       trait = iota // rulesets are jumped to from base chains; before, they hang on interfaces
	rulesetJumps                  // a rule can jump to a ruleset, and return from it
	notGroups                     // a rule can be for all but a group
	groups6                       // of IPv6 addresses and networks
	keyStore                      // keys are in the configuration; before, in files of /config/auth
	bareFlags                     // a state or log stands for itself; before, "enable" follows
	natFlags                      // so does the log of a rule of NAT
	bigNumbers                    // rules are numbered to 999999; before, to 9999
	jumboFrames                   // an MTU above 9000
	tagRoutes                     // push-route is a tag; before, a value
	persistentTunnel              // has a leaf of its own; before, it is an option
	namedNet30                    // topology net30 can be written; before, it is what there is without one
	cipherList                    // data ciphers are negotiated, GCM among them; before, there is one, CBC
	negotiatesAlone               // two ends of OpenVPN agree on a cipher by themselves, and none may be written
	ellipticKeys                  // an elliptic curve key makes DH parameters needless
	sha384                        // as a digest of control packets
	routerAdverts                 // in a service of their own; where they were before, the command trees do not tell
	qosInterfaces                 // an interface is given its policy among policies; before, at the interface
	systemAS                      // the number of a BGP router is a leaf; before, a tag that all is below
	addressFamilies               // BGP has families besides IPv4's
	ospfInterfaces                // OSPF knows interfaces; before, only passive ones
	vrrp                          // routers share addresses
	dummies                       // interfaces that only have addresses
	dummyFirewall                 // and a place for a ruleset
	dummyMTU                      // and an MTU, which no frame has need of
	linkLocal                     // an interface can do without the IPv6 address that it gives itself
	bondMembers                   // a bond names its cards; before, each card names its bond
	interfaceRoutes               // a route names an interface; before, such routes have a table of their own
	wireGuard                     // interfaces of it
	ikev2                         // the version of the protocol can be chosen; before, it is the first
	ipsecSHA2                     // digests of IPsec beyond SHA-1
	ipsecGCM                      // ciphers of IPsec with GCM
	namedPeers                    // an IPsec peer has a name, and its key is below authentication; before, it is its address
	bootFiles                     // a file says which language it is in, and cloud-init takes commands
	namedRanges                   // DHCP ranges have names; before, a range is its first address
	kea                           // the DHCP server, which knows networks by number
	recursor                      // DNS forwarding can do without other resolvers, and asks those with IPv6 addresses
	dnsAddresses                  // it listens on addresses, for some networks; before, on interfaces
	dnsPorts                      // a resolver to ask is a tag
	ownZones                      // it can answer for a domain alone
	ntpAccess                     // the NTP server can be for some networks only, and a name for many servers
	hasLLDP                       // the link layer discovery protocol
	newKeys                       // SSH keys that are not RSA
	tokenKeys                     // SSH keys that are in a hardware token
	syslogTCP                     // messages can be sent by TCP
	syslogPort                    // and to another port
	syslogProtocol                // the protocol is the host's; before, the facility's
	keyCombination                // Ctrl-Alt-Delete can do something
	bareOptions                   // reboot-on-panic stands for itself; before, "true" follows
	manyValues                    // a host mapping has several addresses, the SSH server several ports
	traitCount
)

// traits say from which release on each holds.
func traits() [traitCount]string {
	return [traitCount]string{
		hookChains:       "1.4",
		rulesetJumps:     "1.4",
		notGroups:        "1.4",
		groups6:          "1.3",
		keyStore:         "1.4",
		bareFlags:        "1.4",
		natFlags:         "1.3",
		bigNumbers:       "1.3",
		jumboFrames:      "1.3",
		tagRoutes:        "1.3",
		persistentTunnel: "1.1",
		namedNet30:       "1.3",
		cipherList:       "1.3",
		negotiatesAlone:  "1.5",
		ellipticKeys:     "1.4",
		sha384:           "1.3",
		routerAdverts:    "1.3",
		qosInterfaces:    "1.4",
		systemAS:         "1.4",
		addressFamilies:  "1.3",
		ospfInterfaces:   "1.4",
		vrrp:             "1.3",
		dummies:          "1.1",
		dummyFirewall:    "1.3",
		dummyMTU:         "1.3",
		linkLocal:        "1.3",
		bondMembers:      "1.3",
		interfaceRoutes:  "1.4",
		wireGuard:        "1.3",
		ikev2:            "1.1",
		ipsecSHA2:        "1.1",
		ipsecGCM:         "1.3",
		namedPeers:       "1.4",
		bootFiles:        "1.3",
		namedRanges:      "1.3",
		kea:              "1.5",
		recursor:         "1.3",
		dnsAddresses:     "1.3",
		dnsPorts:         "1.4",
		ownZones:         "1.4",
		ntpAccess:        "1.3",
		hasLLDP:          "1.3",
		newKeys:          "1.3",
		tokenKeys:        "1.4",
		syslogTCP:        "1.1",
		syslogPort:       "1.3",
		syslogProtocol:   "1.4",
		keyCombination:   "1.1",
		bareOptions:      "1.3",
		manyValues:       "1.3",
	}
}

// dialect is the language of one release.
type dialect struct {
	version string
	words   [wordCount]string
	traits  [traitCount]bool
}

// dialectOf is the language of a release. The schema lets no other through.
func dialectOf(version string) dialect {
	d, order := dialect{version: version}, releases()
	at := slices.Index(order, version)
	for w, history := range spellings() {
		for _, s := range history {
			if slices.Index(order, s.release) <= at {
				d.words[w] = s.text
			}
		}
	}
	for tr, from := range traits() {
		d.traits[tr] = slices.Index(order, from) <= at
	}
	return d
}

// String is a release by its full name.
func (d dialect) String() string { return releaseName(d.version) }

func releaseName(version string) string {
	switch version {
	case "vc6.6":
		return "Vyatta Core 6.6"
	case "rolling":
		return "VyOS rolling"
	}
	return "VyOS " + version
}

func (d dialect) word(w word) string { return d.words[w] }

func (d dialect) has(t trait) bool { return d.traits[t] }
