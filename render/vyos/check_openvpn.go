package vyos

import (
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

func (c checker) openvpn() {
	for i := range c.vm.Router.OpenVPN {
		v := &c.vm.Router.OpenVPN[i]
		path := c.path("openvpn", v.Name)
		c.text(path, v.Description)
		c.ciphers(path, v)
		if v.Hash == "sha384" {
			c.unsupported(sha384, "hash", diag.Join(path, "hash"), "digest sha384", "write hash: 'sha512'")
		}
		if v.TLS.DH == "" && (v.Mode == "server" || v.Role == "passive") {
			c.unsupported(ellipticKeys, "no-dh", diag.Join(path, "tls"), "server without Diffie-Hellman parameters",
				"add dh: { secret: … } to tls")
		}
		if c.vm.Router.OldVPN() {
			c.diags.Warningf("vyos/old-tls", path,
				"the OpenVPN of %s speaks nothing newer than TLS 1.0; clients have to allow it", c.d).
				Hintf("write version: '%s' in the router", traits()[cipherList])
		}
	}
}

// ciphers holds an old release to the one cipher that both ends use.
func (c checker) ciphers(path string, v *topology.OpenVPN) {
	if len(v.Ciphers) > 1 {
		c.unsupported(cipherList, "ciphers", diag.Join(path, "ciphers"), "negotiation of several ciphers", "write one cipher")
	}
	for i, name := range v.Ciphers {
		if v.Mode == "site-to-site" && c.d.has(negotiatesAlone) && !strings.HasSuffix(name, "-GCM") {
			c.diags.Errorf("vyos/site-cipher", diag.Join(path, "ciphers", i),
				"%s lets two ends agree on a cipher by themselves, and that is never %s", c.d, name).
				Hintf("write 'AES-256-GCM', or leave ciphers out")
		}
		if strings.HasSuffix(name, "-GCM") {
			c.unsupported(cipherList, "cipher", diag.Join(path, "ciphers", i), "cipher "+name,
				"write "+strings.TrimSuffix(name, "GCM")+"CBC")
		}
	}
}
