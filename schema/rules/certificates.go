package rules

import "strings"

// certificates are the rules about certificates and who shows them.
func certificates() []Rule {
	const (
		site  = "vms+: { web01+: { nginx+: { sites+: { app+: { tls: { certificate: 'app', redirect: false } } } } } }"
		cache = "vms+: { lb01+: { varnish+: { tls: { certificates: ['app'] } } } }"
		both  = "vms+: { lb01+: { varnish+: { tls: { certificates: ['app'] } } }, " +
			"web01+: { nginx+: { sites+: { app+: { tls: { certificate: 'app', redirect: true } } } } } }"
		secret = "certificate: { secret: 'tls/app.crt' }, key: { secret: 'tls/app.key' }"
		acme   = "acme: { email: 'ops@nullzero.me' }"
	)
	given := func(certificate, users string) string {
		return "{ certificates: { app: { names: ['app.nullzero.me'], " + certificate + " } }, " + users + " }"
	}
	return []Rule{{
		Name:   "certificates/source",
		What:   "a certificate that comes from nowhere, or from two places",
		Why:    "nobody knows which to take",
		Breaks: given("", site),
		Passes: given("internal: true", site),
		Fix:    "write one of acme, certificate and key, or internal: true",
		Source: "the topology itself",
		Firm:   true,
	}, {
		Name:   "certificates/partner",
		What:   "a certificate without its key, or the other way round",
		Why:    "no server starts with one alone",
		Breaks: given("certificate: { secret: 'tls/app.crt' }", site),
		Passes: given(secret, site),
		Fix:    "name the other secret, too",
		Source: "ngx_http_ssl_module, ssl_certificate_key",
		Firm:   true,
	}, {
		Name:   "certificates/names",
		What:   "a site with a certificate that is not for its name",
		Why:    "browsers refuse to show it",
		Breaks: "{ certificates: { app: { names: ['www.nullzero.me'], " + secret + " } }, " + site + " }",
		Passes: "{ certificates: { app: { names: ['*.nullzero.me'], " + secret + " } }, " + site + " }",
		Fix:    "add the name to those of the certificate",
		Source: "RFC 9525, section 6",
	}, {
		Name:   "certificates/wildcard",
		What:   "a certificate by ACME for a name with a wildcard",
		Why:    "authorities give it only to who changes the DNS",
		Breaks: "{ certificates: { app: { names: ['*.nullzero.me'], " + acme + " } }, " + cache + " }",
		Passes: "{ certificates: { app: { names: ['app.nullzero.me', 'www.nullzero.me'], " + acme + " } }, " + cache + " }",
		Fix:    "name the hosts, or have it from elsewhere as secrets",
		Source: "RFC 8555, section 7.1.3; RFC 8738",
		Firm:   true,
	}, {
		Name:   "certificates/no-email",
		What:   "a certificate by ACME without an address to write to",
		Why:    "nobody is told that it ends, or was withdrawn",
		Breaks: given("acme: {}", cache),
		Passes: given(acme, cache),
		Fix:    "add email:",
		Source: "RFC 8555, section 7.1.2",
	}, {
		Name:   "certificates/unused",
		What:   "a certificate that no site and no cache shows",
		Why:    "it is left over, or the tls of a site was forgotten",
		Breaks: "{ certificates: { app: { names: ['app.nullzero.me'], " + secret + " } } }",
		Passes: given(secret, site),
		Fix:    "name it in a tls, or remove it",
		Source: "the topology itself",
	}, {
		Name:   "certificates/two-machines",
		What:   "two machines that ask for a certificate for one name",
		Why:    "the authority's question comes to one of them",
		Breaks: given(acme, both),
		Passes: given("internal: true", strings.ReplaceAll(both, "redirect: true", "redirect: false")),
		Fix:    "let TLS end at one of them, or have the certificate from elsewhere",
		Source: "RFC 8555, section 8.3",
		Firm:   true,
	}, {
		Name: "certificates/challenge",
		What: "a machine that asks for a certificate, and does not hear the authority's question",
		Why:  "it gets none, and visitors are shown a placeholder",
		Breaks: given(acme, "vms+: { rtr01+: { router+: { nat+: { destination: {} } } }, "+
			"lb01+: { varnish+: { tls: { certificates: ['app'] } } } }"),
		Passes: given(acme, cache),
		Fix:    "send port 80 of a public address on to the machine, and let firewalls pass it",
		Source: "RFC 8555, section 8.3",
	}, {
		Name:   "certificates/redirect-loop",
		What:   "a site that sends what a cache fetches back to HTTPS, which is the cache",
		Why:    "browsers go round until they give up",
		Breaks: given("internal: true", both),
		Passes: given("internal: true", "vms+: { lb01+: { varnish+: { tls: { certificates: ['app'] } } } }"),
		Fix:    "leave tls out of the site, or write redirect: false",
		Source: "RFC 9110, section 15.4",
		Firm:   true,
	}, {
		Name: "certificates/weak",
		What: "own words of a site that let in withdrawn protocols",
		Why:  "what is sent by them can be read or changed",
		Breaks: given("internal: true", "vms+: { web01+: { nginx+: { sites+: { app+: "+
			"{ extra: 'ssl_protocols TLSv1.1 TLSv1.2;', tls: { certificate: 'app', redirect: false } } } } } }"),
		Passes: given("internal: true", "vms+: { web01+: { nginx+: { sites+: { app+: "+
			"{ extra: 'ssl_protocols TLSv1.2 TLSv1.3;', tls: { certificate: 'app', redirect: false } } } } } }"),
		Fix:    "leave ssl_protocols out",
		Source: "RFC 8996",
	}}
}
