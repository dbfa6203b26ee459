package openvpn_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// tunnel brings up the rendered router between two namespaces: client, in the
// router's outside network, and lan, a machine behind it. $tree has what is
// installed on the router, $profile is the client's.
const tunnel = `
mount --bind "$tree/etc/openvpn/server" /etc/openvpn/server
for side in client:eth0:46.4.71.77/27:46.4.71.78/27 lan:eth1:10.0.1.1/24:10.0.1.2/24; do
	IFS=: read -r name device own other <<<"$side"
	ip netns add "$name"
	ip link add "$device" type veth peer name eth0 netns "$name"
	ip address add "$own" dev "$device"
	ip link set "$device" up
	ip -n "$name" address add "$other" dev eth0
	ip -n "$name" link set eth0 up
	ip -n "$name" link set lo up
done
ip -n lan route add default via 10.0.1.1
sysctl --quiet --load="$tree/etc/sysctl.d/60-router.conf"
nft -f "$tree/etc/nftables.conf"
openvpn --cd /etc/openvpn/server --config vtun0.conf >"$tree/server.log" 2>&1 &
ip netns exec client openvpn --config "$profile" --tls-exit >"$tree/client.log" 2>&1 &
client=$!
for i in $(seq 600); do
	grep -q 'Initialization Sequence Completed' "$tree/client.log" && break
	grep -q 'VERIFY ERROR\|SIGTERM' "$tree/server.log" "$tree/client.log" && break
	kill -0 "$client" 2>/dev/null || break
	sleep 0.1
done
cat "$tree/server.log" "$tree/client.log"
ip -n client route get 10.0.1.2 | grep 'via 172.16.17.1 dev tun0'
ip netns exec client ping -c 1 -w 20 10.0.1.2
`

// debian is the reference stack with a router on Debian.
const debian = "{ vms+: { rtr01+: { os: 'debian-12', install:: null, router+: { platform: 'debian', version:: null } } } }"

// installed writes the files of the router with its keys in them, as apply puts
// them onto the machine.
func (l lab) installed(t *testing.T) string { return l.fill(t, filepath.Join(l.tree, "rtr01")) }

// fill copies the files of a router below its folder of the tree to a new one,
// with their keys.
func (l lab) fill(t *testing.T, from string) string {
	t.Helper()
	holder := regexp.MustCompile(`@@secret:pem:([^@]*)@@`)
	to := t.TempDir()
	for _, pattern := range []string{"etc/nftables.conf", "etc/sysctl.d/*", "etc/openvpn/*/*", "etc/openvpn/*/*/*"} {
		paths, err := filepath.Glob(filepath.Join(from, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				continue // a folder
			}
			filled := holder.ReplaceAllStringFunc(string(text), func(s string) string {
				return l.key(t, holder.FindStringSubmatch(s)[1])
			})
			name, _ := filepath.Rel(from, path)
			writeFile(t, filepath.Join(to, name), filled)
		}
	}
	return to
}

func (l lab) key(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(l.keys, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTunnel: a client with the rendered profile reaches a machine behind the
// rendered router by the route that it is pushed. One that trusts another
// authority refuses the server, and the server refuses one that another
// authority has signed.
func TestTunnel(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "openvpn", "openssl", "ip", "ping", "nft", "sysctl")
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		t.Skip("SKIPPED: a tunnel needs /dev/net/tun")
	}
	topo := rendertest.Variant(t, "nullzero", debian)
	own, foreign := newLab(t, topo), newLab(t, topo)
	profile := own.key(t, "profiles/remoteur.ovpn")
	ca := regexp.MustCompile(`(?s)<ca>.*</ca>\n`)
	others := foreign.key(t, "profiles/remoteur.ovpn")
	tests := []struct{ name, profile, without, want string }{
		{"the rendered files", profile, "", "1 received"},
		{"a server that pushes nothing", profile, "push ", "failed: grep 'via 172.16.17.1 dev tun0'"},
		{"another authority", ca.ReplaceAllLiteralString(profile, ca.FindString(others)), "", "VERIFY ERROR"},
		{"a client of another authority", ca.ReplaceAllLiteralString(others, ca.FindString(profile)), "", "VERIFY ERROR"},
	}
	for i, tt := range tests {
		tree := own.installed(t)
		if tt.without != "" {
			server := filepath.Join(tree, "etc/openvpn/server/vtun0.conf")
			out, _ := rendertest.Run(t, "grep", "-v", "^"+tt.without, server)
			writeFile(t, server, out)
		}
		out, ok := rendertest.Alone(t, "tree="+tree+" profile="+rendertest.Write(t, "client.ovpn", tt.profile)+"\n"+tunnel)
		if ok != (i == 0) || !strings.Contains(out, tt.want) {
			t.Errorf("%s: there is a tunnel: %t; %q is wanted in:\n%s", tt.name, ok, tt.want, out)
		}
		if i == 0 && (strings.Contains(out, "WARNING") || strings.Contains(out, "DEPRECATED")) {
			t.Errorf("%s: a warning:\n%s", tt.name, out)
		}
	}
}
