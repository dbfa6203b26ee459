package decode

import "stackgen/schema/topology"

// decodeCertificate names the secrets of a certificate of the stack's own authority.
func decodeCertificate(name string, o object) topology.Certificate {
	c := topology.Certificate{
		Name:        name,
		Description: o.str("description"),
		Names:       serverNames(o.strs("names")),
		Certificate: o.secret("certificate"),
		Key:         o.secret("key"),
		Internal:    o.boolOr("internal", false),
	}
	if o.has("acme") {
		acme := o.obj("acme")
		c.ACME = &topology.ACME{
			Directory: acme.strOr("directory", "https://acme-v02.api.letsencrypt.org/directory"),
			Email:     acme.str("email"),
		}
	}
	if c.Internal {
		c.Certificate = topology.Secret("certificates/" + name + ".crt")
		c.Key = topology.Secret("certificates/" + name + ".key")
	}
	return c
}

// decodeTLS reads the tls of a site, or of a cache.
func decodeTLS(o object) *topology.HTTPS {
	if o == nil {
		return nil
	}
	tls := &topology.HTTPS{
		Certificates: o.strs("certificates"),
		Listen:       o.intOr("listen", 443),
		Redirect:     o.boolOr("redirect", true),
		HSTS:         o.duration("hsts"),
	}
	if o.has("certificate") {
		tls.Certificates = []string{o.str("certificate")}
	}
	return tls
}
