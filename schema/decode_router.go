package schema

import (
	"net/netip"

	"stackgen/schema/topology"
)

func decodeRouter(o object) *topology.Router {
	nat := o.obj("nat")
	r := &topology.Router{
		Platform:     o.str("platform"),
		Version:      o.strOr("version", "1.4"),
		NameServers:  o.addrs("nameServers"),
		StaticRoutes: each(o, "staticRoutes", decodeStaticRoute),
		NAT: topology.NAT{
			Source:      eachNumbered(nat, "source", decodeSourceNAT),
			Destination: eachNumbered(nat, "destination", decodeDestinationNAT),
		},
		Firewall:      decodeFirewall(o.obj("firewall")),
		ExtraCommands: o.strs("extraCommands"),
	}
	r.OpenVPN = each(o, "openvpn", func(name string, o object) topology.OpenVPN { return decodeOpenVPN(r, name, o) })
	return r
}

func decodeStaticRoute(to string, o object) topology.StaticRoute {
	return topology.StaticRoute{Prefix: prefix(to), NextHop: o.addr("nextHop")}
}

func decodeSourceNAT(number int, o object) topology.SourceNAT {
	rule := topology.SourceNAT{
		Number:            number,
		Description:       o.str("description"),
		Source:            networkOrPrefix(o.str("source")),
		OutboundInterface: o.str("outboundInterface"),
	}
	if to := o.strOr("translation", "masquerade"); to == "masquerade" {
		rule.Masquerade = true
	} else {
		rule.Translation = must(netip.ParseAddr(to))
	}
	return rule
}

func decodeDestinationNAT(number int, o object) topology.DestinationNAT {
	return topology.DestinationNAT{
		Number:           number,
		Description:      o.str("description"),
		InboundInterface: o.str("inboundInterface"),
		Protocol:         o.strOr("protocol", "tcp"),
		Address:          o.addr("address"),
		Port:             o.ports("port"),
		Translation:      target(o.obj("translation")),
	}
}

func decodeFirewall(o object) topology.Firewall {
	state := o.obj("statePolicy")
	return topology.Firewall{
		AllPing: o.boolOr("allPing", true),
		StatePolicy: topology.StatePolicy{
			Established: state.str("established"),
			Related:     state.str("related"),
			Invalid:     state.str("invalid"),
		},
		Rulesets: each(o, "rulesets", decodeRuleset),
	}
}

func decodeRuleset(name string, o object) topology.Ruleset {
	set := topology.Ruleset{
		Name:          name,
		Description:   o.str("description"),
		DefaultAction: o.strOr("defaultAction", "drop"),
		DefaultLog:    o.boolOr("defaultLog", false),
		Rules:         eachNumbered(o, "rules", decodeRule),
	}
	for _, v := range o.list("attach") {
		a := object(v.(map[string]any))
		set.Attach = append(set.Attach, topology.Attachment{Interface: a.str("interface"), Direction: a.str("direction")})
	}
	return set
}

func decodeRule(number int, o object) topology.Rule {
	return topology.Rule{
		Number:      number,
		Description: o.str("description"),
		Action:      o.str("action"),
		Protocol:    o.str("protocol"),
		Source:      target(o.obj("source")),
		Destination: target(o.obj("destination")),
		State:       o.strs("state"),
		Log:         o.boolOr("log", false),
	}
}

func decodeOpenVPN(r *topology.Router, name string, o object) topology.OpenVPN {
	tls := o.obj("tls")
	vpn := topology.OpenVPN{
		Name:        name,
		Description: o.str("description"),
		Mode:        o.strOr("mode", "server"),
		Protocol:    o.strOr("protocol", "udp"),
		Port:        o.intOr("port", 1194),
		Remote:      o.str("remote"),
		Subnet:      prefix(o.str("subnet")),
		Topology:    o.strOr("topology", "subnet"),
		NameServers: o.addrs("nameServers"),
		Mssfix:      o.boolOr("mssfix", true),
		TunMTU:      o.intOr("tunMtu", 0),
		Compression: o.strOr("compression", "none"),
		Ciphers:     o.strsOr("ciphers", defaultCiphers(r)...),
		Hash:        o.strOr("hash", "sha256"),
		TLS:         topology.TLS{CA: tls.secret("ca"), Cert: tls.secret("cert"), Key: tls.secret("key"), DH: tls.secret("dh")},
		Clients:     each(o, "clients", decodeVPNClient),
	}
	for _, s := range o.strs("pushRoutes") {
		vpn.PushRoutes = append(vpn.PushRoutes, networkOrPrefix(s))
	}
	return vpn
}

func defaultCiphers(r *topology.Router) []string {
	if r.OldVPN() {
		return []string{"AES-256-CBC"}
	}
	return []string{"AES-256-GCM", "AES-128-GCM"}
}

func decodeVPNClient(name string, o object) topology.VPNClient {
	return topology.VPNClient{Name: name, Description: o.str("description"), Address: o.addr("address")}
}
