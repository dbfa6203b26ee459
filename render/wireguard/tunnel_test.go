package wireguard_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// lab has a rendered router, the keys that its script has made, the profile of
// a peer in one file, and the router's interface with its keys in it.
type lab struct{ profile, server string }

const (
	routerKey = "g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM="
	aliceKey  = "twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY="
)

// newLab renders with keys that belong to nobody, lets the script say which they
// have to be, and renders again, as an operator would.
func newLab(t *testing.T) lab {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	patch := link + " + { vms+: { rtr01+: { router+: { wireguard+: { wg0+: { peers+: { alice+: { profile+: { nameServers:: null } } } } } } } } }"
	tree := rendertest.Tree(t, renderedSet(t, patch))
	out, ok := script(t, tree, keys)
	wanted := regexp.MustCompile(`publicKey of (\w+) has to be '([^']*)'`).FindAllStringSubmatch(out, -1)
	if ok || len(wanted) != 2 || wanted[0][1] != "wg0" || wanted[1][1] != "alice" {
		t.Fatalf("the script does not say which public keys it has made: %s", out)
	}
	patch = strings.NewReplacer(routerKey, wanted[0][2], aliceKey, wanted[1][2]).Replace(patch)
	set := renderedSet(t, patch)
	tree = rendertest.Tree(t, set)
	for _, args := range [][]string{{}, {"--inline", "alice"}} {
		if out, ok := script(t, tree, keys, args...); !ok {
			t.Fatalf("pki.sh %q: %s", args, out)
		}
	}
	holder := regexp.MustCompile(`@@secret:key:([^@]*)@@`)
	return lab{
		profile: read(t, keys, "profiles/alice.conf"),
		server: holder.ReplaceAllStringFunc(rendertest.Content(t, set, configPath), func(s string) string {
			return strings.TrimSpace(read(t, keys, holder.FindStringSubmatch(s)[1]))
		}),
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func script(t *testing.T, tree, keys string, args ...string) (string, bool) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{filepath.Join(tree, "rtr01/pki/pki.sh")}, args...)...)
	cmd.Env = append(os.Environ(), "STACKGEN_PKI="+keys)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// tunnel brings up the router between two namespaces, client in its outside
// network and lan behind it, and the peer in the first. WireGuard runs in user
// space, so that no kernel needs to have it. $dir has both configurations.
const tunnel = `
export WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go
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
sysctl --quiet --load="$tree/rtr01/etc/sysctl.d/60-router.conf"
nft -f "$tree/rtr01/etc/nftables.conf"
wg-quick up "$dir/wg0.conf"
ip netns exec client wg-quick up "$dir/alice.conf"
ip route get 10.2.0.1 | grep 'dev wg0'
ip -n client route get 10.0.1.2 | grep 'dev alice'
for i in $(seq "$tries"); do
	if ip netns exec client ping -c 1 -W 1 10.0.1.2; then exit 0; fi
done
wg show
exit 1
`

// TestTunnel: a peer with the rendered profile reaches a machine behind the
// rendered router. With a key or a shared key of its own it does not, nor by an
// address that it is not allowed.
func TestTunnel(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "wg-quick", "wg", "wireguard-go", "openssl", "ip", "ping", "nft", "sysctl")
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		t.Skip("SKIPPED: a tunnel needs /dev/net/tun")
	}
	l, other := newLab(t), newLab(t)
	line := func(key, of string) string { return regexp.MustCompile(`(?m)^` + key + ` = .*$`).FindString(of) }
	tests := []struct{ name, old, new string }{
		{"the rendered files", "", ""},
		{"another key", line("PrivateKey", l.profile), line("PrivateKey", other.profile)},
		{"another shared key", line("PresharedKey", l.profile), line("PresharedKey", other.profile)},
		{"another address", "Address = 10.9.0.2/24", "Address = 10.9.0.9/24"},
	}
	tree := rendertest.Tree(t, renderedSet(t, link))
	for i, tt := range tests {
		dir := t.TempDir()
		for name, text := range map[string]string{"wg0.conf": l.server, "alice.conf": strings.Replace(l.profile, tt.old, tt.new, 1)} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		tries := "60"
		if i > 0 {
			tries = "4"
			if !strings.Contains(l.profile, tt.old) || tt.old == tt.new {
				t.Fatalf("%s: %q does not break\n%s", tt.name, tt.old, l.profile)
			}
		}
		out, ok := rendertest.Alone(t, "dir="+dir+" tree="+tree+" tries="+tries+"\n"+tunnel)
		if ok != (i == 0) || !strings.Contains(out, "dev alice") {
			t.Errorf("%s: there is a tunnel: %t\n%s", tt.name, ok, out)
		}
	}
}

// stripped matches what wg-quick(8) hands to wg(8), if all else was for itself.
var stripped = regexp.MustCompile(`^(\[(Interface|Peer)\]\n|(ListenPort|PrivateKey|PublicKey|PresharedKey|AllowedIPs|Endpoint|PersistentKeepalive) = .+\n|(#.*)?\n)+$`)

// TestConfigurations lets wg-quick(8) read both ends as they stand in the tree.
func TestConfigurations(t *testing.T) {
	rendertest.Need(t, "wg-quick")
	set := renderedSet(t, link)
	for _, path := range []string{configPath, profilePath} {
		text := rendertest.Content(t, set, path)
		out, ok := rendertest.Run(t, "wg-quick", "strip", rendertest.Write(t, "wg0.conf", text))
		if !ok || !stripped.MatchString(out) {
			t.Errorf("%s: wg is given\n%s", path, out)
		}
		bad := rendertest.Write(t, "wg0.conf", strings.Replace(text, "Address", "Adress", 1))
		if out, ok := rendertest.Run(t, "wg-quick", "strip", bad); ok && stripped.MatchString(out) {
			t.Errorf("%s: a misspelt key is taken:\n%s", path, out)
		}
	}
}
