package decode

import "stackgen/schema/topology"

func decodeIPsec(name string, o object) topology.IPsec {
	ike, esp := o.obj("ike"), o.obj("esp")
	return topology.IPsec{
		Name:          name,
		Description:   o.str("description"),
		LocalAddress:  o.addr("localAddress"),
		RemoteAddress: o.addr("remoteAddress"),
		PresharedKey:  o.secret("presharedKey"),
		IKE: topology.IKE{
			KeyExchange: ike.strOr("keyExchange", "ikev2"),
			Encryption:  ike.strOr("encryption", "aes256"),
			Hash:        ike.strOr("hash", "sha256"),
			DHGroup:     ike.intOr("dhGroup", 14),
			Lifetime:    must(topology.ParseDuration(ike.strOr("lifetime", "8h"))),
		},
		ESP: topology.ESP{
			Encryption: esp.strOr("encryption", "aes256"),
			Hash:       esp.strOr("hash", "sha256"),
			PFS:        esp.boolOr("pfs", true),
			Lifetime:   must(topology.ParseDuration(esp.strOr("lifetime", "1h"))),
		},
		Tunnels: eachNumbered(o, "tunnels", func(number int, o object) topology.IPsecTunnel {
			return topology.IPsecTunnel{Number: number, Local: networkOrPrefix(o.str("localPrefix")),
				Remote: prefix(o.str("remotePrefix"))}
		}),
	}
}
