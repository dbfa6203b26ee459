package nginx

import (
	"fmt"
	"slices"

	"stackgen/render/artifact"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// ciphers are those of Mozilla's intermediate configuration, guidelines 5.7, as they
// stood in November 2026, without finite-field Diffie-Hellman: it would need parameters
// of its own, for clients that are older than TLS 1.2 is common.
const ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:" +
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:" +
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

// settings are the lines of each server that speaks TLS: Debian has others for the
// whole of nginx, and what is said of the default server of a port is true before a
// name is known. Stapling is left out: authorities end it, and nginx warns.
func settings(vm *topology.VM) (lines []string) {
	if release.Of(vm.OS).HTTP2 {
		lines = append(lines, "http2 on;")
	}
	return append(lines,
		"ssl_protocols TLSv1.2 TLSv1.3;",
		"ssl_ciphers "+ciphers+";",
		"ssl_prefer_server_ciphers off;",
		"ssl_session_cache shared:stackgen:10m;",
		"ssl_session_timeout 1d;",
		"ssl_session_tickets off;",
		"server_tokens off;",
	)
}

// tlsOf are the lines of a site with a certificate.
func tlsOf(t *topology.Topology, vm *topology.VM, s topology.Site) []string {
	if s.TLS == nil {
		return nil
	}
	c := t.Certificate(s.TLS.Certificates[0])
	lines := append([]string{"ssl_certificate " + c.Chain() + ";", "ssl_certificate_key " + c.PrivateKey() + ";"},
		settings(vm)...)
	if s.TLS.HSTS > 0 {
		lines = append(lines, fmt.Sprintf(`add_header Strict-Transport-Security "max-age=%d" always;`, s.TLS.HSTS.Seconds()))
	}
	return lines
}

// redirectView is what the template shows of the server that sends visitors to HTTPS.
type redirectView struct {
	Listens   []string
	Port      string // behind the name: empty for the usual one
	Challenge bool   // it answers that of ACME
}

func redirectOf(t *topology.Topology, vm *topology.VM, s topology.Site) *redirectView {
	if s.TLS == nil || !s.Plain() || !s.TLS.Redirect {
		return nil
	}
	var suffix, port string
	if s.DefaultServer {
		suffix = " default_server"
	}
	if s.TLS.Listen != httpsPort {
		port = fmt.Sprintf(":%d", s.TLS.Listen)
	}
	return &redirectView{Listens: sockets(vm, s, s.Listen, suffix), Port: port, Challenge: byACME(t, s)}
}

// byACME reports whether the certificate of a site is asked for from its machine.
func byACME(t *topology.Topology, s topology.Site) bool {
	return t.Certificate(s.TLS.Certificates[0]).ACME != nil
}

// http2Parameter is how listen says HTTP/2, where it does.
func http2Parameter(vm *topology.VM) string {
	if release.Of(vm.OS).HTTP2 {
		return ""
	}
	return " http2"
}

// unknownView is what the template of the server for unknown names shows.
type unknownView struct {
	Listens []string
	TLS     []string
}

// addUnknown gives a server for all names that are no site's: it ends the handshake, so
// that nobody is shown a certificate for another name. A site that is the default of a
// port answers there instead.
func addUnknown(set *artifact.Set, vm *topology.VM) error {
	var open, taken []string
	for _, s := range vm.Nginx.Sites {
		if s.TLS == nil {
			continue
		}
		for _, l := range sockets(vm, s, s.TLS.Listen, " ssl"+http2Parameter(vm)+" default_server") {
			if s.DefaultServer {
				taken = append(taken, l)
			} else if !slices.Contains(open, l) {
				open = append(open, l)
			}
		}
	}
	open = slices.DeleteFunc(open, func(l string) bool { return slices.Contains(taken, l) })
	if len(open) == 0 {
		return nil
	}
	view := unknownView{Listens: open, TLS: append([]string{"ssl_reject_handshake on;"}, settings(vm)...)}
	return add(set, vm, "etc/nginx/conf.d/unknown-names.conf", "nginx/unknown-names.conf.tmpl", view)
}
