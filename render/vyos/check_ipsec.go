package vyos

import (
	"strings"

	"stackgen/schema/diag"
)

func (c checker) ipsec() {
	for _, p := range c.vm.Router.IPsec {
		path := c.path("ipsec", p.Name)
		c.text(path, p.Description)
		if p.IKE.KeyExchange == "ikev2" {
			c.unsupported(ikev2, "ikev2", path, "IKEv2", "write keyExchange: 'ikev1' in ike")
		}
		for _, x := range []struct{ key, encryption, hash string }{
			{"ike", p.IKE.Encryption, p.IKE.Hash}, {"esp", p.ESP.Encryption, p.ESP.Hash},
		} {
			if strings.Contains(x.encryption, "gcm") {
				c.unsupported(ipsecGCM, "ipsec-cipher", diag.Join(path, x.key, "encryption"), "cipher "+x.encryption+" for IPsec",
					"write encryption: 'aes256'")
			}
			if x.hash != "sha1" {
				c.unsupported(ipsecSHA2, "ipsec-hash", path, "digest "+x.hash+" for "+strings.ToUpper(x.key),
					"write hash: 'sha1' in "+x.key)
			}
		}
	}
}
