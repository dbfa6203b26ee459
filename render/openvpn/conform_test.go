package openvpn_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// lab is a folder with the rendered router and the keys its script has made.
type lab struct{ tree, keys string }

func newLab(t *testing.T, topo *topology.Topology) lab {
	t.Helper()
	dir := t.TempDir()
	l := lab{filepath.Join(dir, "out"), filepath.Join(dir, "keys")}
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Machine == "rtr01" {
			writeFile(t, filepath.Join(l.tree, f.TreePath()), f.Content)
		}
	}
	for _, args := range [][]string{{}, {"--inline", "remoteur"}} {
		cmd := exec.Command("sh", append([]string{filepath.Join(l.tree, "rtr01/pki/pki.sh")}, args...)...)
		cmd.Env = append(os.Environ(), "STACKGEN_PKI="+l.keys)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pki.sh %q: %v\n%s", args, err, out)
		}
	}
	return l
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// server is the file that VyOS writes for an OpenVPN interface with our
// commands, the options on its command line among it.
func server(v *topology.OpenVPN, old bool) string {
	lines := []string{
		"dev " + v.Name, "dev-type tun", "verb 3", "persist-key", "persist-tun",
		"proto " + map[string]string{"udp": "udp", "tcp": "tcp-server"}[v.Protocol],
		fmt.Sprintf("lport %d", v.Port),
		"mode server", "tls-server", "keepalive 10 60",
		fmt.Sprintf("server %s %s", v.Subnet.Addr(), net.IP(net.CIDRMask(v.Subnet.Bits(), 32))),
		"topology " + v.Topology,
		`push "route 10.0.1.0 255.255.255.0"`,
		"ca vpn/ca.crt", "cert vpn/rtr01.crt", "key vpn/rtr01.key", "dh vpn/dh.pem",
		"data-ciphers " + strings.Join(v.Ciphers, ":"),
		"auth " + v.Hash,
	}
	if old {
		lines = append(lines, "tls-version-max 1.0", "tls-version-min 1.0", "tls-cipher DEFAULT:@SECLEVEL=0")
	}
	if v.Mssfix {
		lines = append(lines, "mssfix")
	} else {
		lines = append(lines, "mssfix 0")
	}
	if v.TunMTU != 0 {
		lines = append(lines, fmt.Sprintf("tun-mtu %d", v.TunMTU))
	}
	return strings.Join(lines, "\n") + "\n"
}

// connect starts server and client in two private network namespaces, with the
// router's public address between them, and pings the server through the
// tunnel. It prints both logs.
const connect = `set -eu
mount -t tmpfs none /run
mkdir /run/netns
ip link set lo up
ip netns add client
ip link add outside type veth peer name inside netns client
ip address add 46.4.71.77/27 dev outside
ip link set outside up
ip -n client address add 46.4.71.78/27 dev inside
ip -n client link set inside up
openvpn --cd "$1" --config server.conf >"$1/server.log" 2>&1 &
ip netns exec client openvpn --config "$2" >"$1/client.log" 2>&1 &
client=$!
for i in $(seq 100); do
	grep -q 'Initialization Sequence Completed' "$1/client.log" 2>/dev/null && break
	kill -0 "$client" 2>/dev/null || break
	sleep 0.1
done
cat "$1/server.log" "$1/client.log"
ip -n client route get 10.0.1.2 | grep -q 'dev tun0'
ip netns exec client ping -c 1 -w 20 172.16.17.1
`

func (l lab) connect(t *testing.T, r *topology.Router, profile string) (string, bool) {
	t.Helper()
	writeFile(t, filepath.Join(l.keys, "server.conf"), server(&r.OpenVPN[0], r.OldVPN()))
	client := filepath.Join(l.keys, "try.ovpn")
	writeFile(t, client, profile)
	return rendertest.Run(t, "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc", "--propagation", "private",
		"bash", "-c", connect, "bash", l.keys, client)
}

// TestConnects proves profile, keys and server together, without a warning, and
// that a client is not content with another server.
func TestConnects(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "openvpn", "openssl", "unshare", "ip", "ping")
	if _, err := os.Stat("/dev/net/tun"); err != nil || os.Geteuid() != 0 {
		t.Skip("SKIPPED: a tunnel needs root and /dev/net/tun")
	}
	for _, patch := range []string{
		"{}",
		"{ openvpn+: { vtun0+: { protocol: 'tcp', ciphers: ['AES-128-GCM'], hash: 'sha512', mssfix: false } } }",
		"{ version: '1.1' }", // with a server that is held to TLS 1.0
	} {
		topo := rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: "+patch+" } } }")
		l, r := newLab(t, topo), topo.VM("rtr01").Router
		profile, err := os.ReadFile(filepath.Join(l.keys, "profiles/remoteur.ovpn"))
		if err != nil {
			t.Fatal(err)
		}
		out, ok := l.connect(t, r, string(profile))
		if !ok || strings.Contains(out, "WARNING") || strings.Contains(out, "DEPRECATED") {
			t.Errorf("%s: no tunnel, or a warning:\n%s", patch, out)
		}
		other := strings.Replace(string(profile), "verify-x509-name rtr01", "verify-x509-name rtr02", 1)
		if out, ok := l.connect(t, r, other+"tls-exit\n"); ok || !strings.Contains(out, "VERIFY X509NAME ERROR") {
			t.Errorf("%s: a server with another name is accepted:\n%s", patch, out)
		}
	}
}

// TestOptions lets OpenVPN read the profile as it stands in the tree.
func TestOptions(t *testing.T) {
	rendertest.Need(t, "openvpn", "openssl")
	l := newLab(t, rendertest.Topology(t, "nullzero"))
	path := filepath.Join(l.tree, "rtr01/openvpn/remoteur.ovpn")
	if out, ok := rendertest.Run(t, "openvpn", "--config", path, "--show-ciphers"); !ok {
		t.Errorf("refused:\n%s", out)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := rendertest.Write(t, "bad.ovpn", strings.Replace(string(text), "nobind", "nobnid", 1))
	if out, ok := rendertest.Run(t, "openvpn", "--config", bad, "--show-ciphers"); ok {
		t.Errorf("a misspelt option is accepted:\n%s", out)
	}
}
