package topology

import (
	"slices"
	"strings"
)

// Certificate is a certificate for names, and its key: by ACME, from secrets, or
// signed by the stack's own authority, which makes secrets of them.
type Certificate struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Names       []string `json:"names"` // in lower case; one may have a wildcard for its first label
	ACME        *ACME    `json:"acme,omitempty"`
	Certificate Secret   `json:"certificate,omitempty"` // with those of the authorities between, if there are any
	Key         Secret   `json:"key,omitempty"`
	Internal    bool     `json:"internal,omitempty"`
}

// ACME is an authority that asks the machine itself for a proof (RFC 8555).
type ACME struct {
	Directory string `json:"directory"`
	Email     string `json:"email,omitempty"`
}

// HTTPS is what a server offers on the port of HTTPS.
type HTTPS struct {
	Certificates []string `json:"certificates"` // by name
	Listen       int      `json:"listen"`       // port
	Redirect     bool     `json:"redirect"`     // plain requests are sent here
	HSTS         Duration `json:"hsts,omitempty"`
}

// CertificateFolder holds the files of all certificates of a machine.
const CertificateFolder = "/etc/ssl/stackgen"

// Chain is where a certificate lies on its machines, with those of the authorities
// between.
func (c *Certificate) Chain() string { return CertificateFolder + "/" + c.Name + "/fullchain.pem" }

// PrivateKey is where its key lies.
func (c *Certificate) PrivateKey() string { return CertificateFolder + "/" + c.Name + "/privkey.pem" }

// Bundle is where both lie in one file, for hitch.
func (c *Certificate) Bundle() string { return CertificateFolder + "/" + c.Name + "/bundle.pem" }

// Covers reports whether a certificate is good for a server name: a wildcard
// stands for one label (RFC 9525, section 6.3).
func (c *Certificate) Covers(serverName string) bool {
	if rest, dotted := strings.CutPrefix(serverName, "."); dotted {
		return c.Covers(rest) && c.Covers("*."+rest)
	}
	_, parent, _ := strings.Cut(serverName, ".")
	return slices.Contains(c.Names, serverName) || parent != "" && slices.Contains(c.Names, "*."+parent)
}

// Certificate is the certificate of that name, or nil.
func (t *Topology) Certificate(name string) *Certificate {
	for i := range t.Certificates {
		if t.Certificates[i].Name == name {
			return &t.Certificates[i]
		}
	}
	return nil
}

// CertificateUse is a place where a service of a VM names a certificate.
type CertificateUse struct {
	Certificate string
	Path        []any // below the VM
	Cache       bool  // the VM's cache has it, and not a site
}

// CertificateUses lists where the services of a VM name certificates.
func (v *VM) CertificateUses() (all []CertificateUse) {
	if v.Varnish != nil && v.Varnish.TLS != nil {
		for i, name := range v.Varnish.TLS.Certificates {
			all = append(all, CertificateUse{name, []any{"varnish", "tls", "certificates", i}, true})
		}
	}
	if v.Nginx == nil {
		return all
	}
	for _, s := range v.Nginx.Sites {
		if s.TLS != nil {
			all = append(all, CertificateUse{s.TLS.Certificates[0],
				[]any{"nginx", "sites", s.Name, "tls", "certificate"}, false})
		}
	}
	return all
}

// CertificatesOf are the certificates that the services of a VM name, once each.
func (t *Topology) CertificatesOf(v *VM) (all []*Certificate) {
	for _, u := range v.CertificateUses() {
		if c := t.Certificate(u.Certificate); c != nil && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// Plain reports whether a site listens without TLS as well.
func (s Site) Plain() bool { return s.TLS == nil || s.TLS.Listen != s.Listen }

// On reports whether a site listens on a port, with TLS or without.
func (s Site) On(port int) bool { return s.Listen == port || s.TLS != nil && s.TLS.Listen == port }
