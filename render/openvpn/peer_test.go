package openvpn_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// with is the reference stack with a router on Debian that has an instance of
// OpenVPN called vtun1 and nothing else of it; fields are the instance's own.
func with(fields, routes string) string {
	return "{ vms+: { rtr01+: { os: 'debian-12', install:: null, router+: { platform: 'debian', version:: null, staticRoutes: { " + routes + " }, openvpn: { vtun1: { port: 1195, " + fields + " } }, " +
		"firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'udp', destination: { port: 1195 } } } } } } } } } }"
}

const (
	serverKeys = "tls: { ca: { secret: 'vpn/ca.crt' }, cert: { secret: 'vpn/rtr01.crt' }, key: { secret: 'vpn/rtr01.key' }, dh: { secret: 'vpn/dh.pem' } }"
	clientKeys = "tls: { ca: { secret: 'vpn/ca.crt' }, cert: { secret: 'vpn/clients/remoteur.crt' }, key: { secret: 'vpn/clients/remoteur.key' } }"

	serves = "subnet: '10.8.1.0/24', pushRoutes: ['lan'], " + serverKeys
	calls  = "mode: 'client', remote: '46.4.71.77', " + clientKeys
	ends   = "mode: 'site-to-site', mssfix: false, tunMtu: 1400, hash: 'sha512', "
	waits  = ends + "role: 'passive', localAddress: '10.8.1.1', remoteAddress: '10.8.1.2', " + serverKeys
	begins = ends + "role: 'active', remote: '46.4.71.77', localAddress: '10.8.1.2', remoteAddress: '10.8.1.1', " + clientKeys
)

// joined brings up the files of two routers, here and far, and asks from far for
// what is here and for the way to what is behind it.
const joined = `
ip netns add far
ip link add eth0 type veth peer name eth0 netns far
ip address add 46.4.71.77/27 dev eth0
ip link set eth0 up
ip -n far address add 46.4.71.78/27 dev eth0
ip -n far link set eth0 up
here() { openvpn --cd "$1" --config vtun1.conf >"$here.log" 2>&1 & }
here "$(dirname "$(find "$here" -name vtun1.conf)")"
ip netns exec far openvpn --cd "$far/etc/openvpn/client" --config vtun1.conf --tls-exit >"$far.log" 2>&1 &
pid=$!
for i in $(seq 600); do
	grep -q 'Initialization Sequence Completed' "$far.log" && break
	grep -q 'VERIFY ERROR\|SIGTERM' "$here.log" "$far.log" && break
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.1
done
cat "$here.log" "$far.log"
ip netns exec far ping -c 1 -w 20 10.8.1.1
ip -n far route get "$behind" | grep 'dev vtun1'
`

// TestPeers: a client reaches a server elsewhere, and two ends each other, by what
// is rendered for routers on Debian. A certificate is good for one part only.
func TestPeers(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "openvpn", "openssl", "ip", "ping")
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		t.Skip("SKIPPED: a tunnel needs /dev/net/tun")
	}
	l := newLab(t, rendertest.Variant(t, "nullzero", debian))
	const route = "'10.7.0.0/16': { nextHop: '10.8.1.1' }"
	tests := []struct{ name, here, far, routes, behind, want string }{
		{"a client", serves, calls, "", "10.0.1.9", "1 received"},
		{"two ends", waits, begins, route, "10.7.0.1", "1 received"},
		{"two ends over TCP", "protocol: 'tcp', " + waits, "protocol: 'tcp', " + begins, "'10.7.0.0/16': { interface: 'vtun1', distance: 9 }", "10.7.0.1", "1 received"},
		{"a server as a client", serves, strings.Replace(calls, clientKeys, serverKeys, 1), "", "10.0.1.9", "unsuitable certificate purpose"},
		{"a client that waits", strings.Replace(waits, serverKeys, clientKeys, 1), begins, route, "10.7.0.1", "unsuitable certificate purpose"},
	}
	for i, tt := range tests {
		here, far := l.fill(t, routerTree(t, with(tt.here, ""))), l.fill(t, routerTree(t, with(strings.Replace(tt.far, ", dh: { secret: 'vpn/dh.pem' }", "", 1), tt.routes)))
		out, ok := rendertest.Alone(t, "here="+here+" far="+far+" behind="+tt.behind+"\n"+joined)
		if ok != (i < 3) || !strings.Contains(out, tt.want) {
			t.Errorf("%s: there is a tunnel: %t; %q is wanted in:\n%s", tt.name, ok, tt.want, out)
		}
		if i < 3 && (strings.Contains(out, "WARNING") || strings.Contains(out, "DEPRECATED")) {
			t.Errorf("%s: a warning:\n%s", tt.name, out)
		}
	}
}

// routerTree is the folder of the router in the tree of a variant.
func routerTree(t *testing.T, patch string) string {
	t.Helper()
	files, err := render.Render(rendertest.Variant(t, "nullzero", patch))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(rendertest.Tree(t, artifact.Set{Files: files}), "rtr01")
}
