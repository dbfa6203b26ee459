package strongswan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// daemon is the configuration of charon: ESP is done in user space, so that no
// kernel needs to have it.
const daemon = `charon-systemd {
  filelog {
    stderr {
      default = 1
    }
  }
  plugins {
    include /etc/strongswan.d/charon/*.conf
    kernel-libipsec {
      load = yes
    }
  }
}
swanctl {
  load = random
}
`

// tunnel brings up the rendered router and, in a namespace on its outside
// network, the mirror of it. $dir has a folder of connections for each. ESP in
// user space does not begin by itself when a packet comes, so that is asked for.
const tunnel = `
export STRONGSWAN_CONF="$dir/strongswan.conf"
ip netns add far
ip link add eth0 type veth peer name eth0 netns far
ip link add eth1 type veth peer name lan
ip address add 46.4.71.77/27 dev eth0
ip address add 10.0.1.1/24 dev eth1
for device in eth0 eth1 lan; do ip link set "$device" up; done
ip -n far link add far type veth peer name farther
ip -n far address add 46.4.71.78/27 dev eth0
ip -n far address add 10.2.0.1/16 dev far
for device in lo eth0 far farther; do ip -n far link set "$device" up; done
nft -f "$dir/nftables.conf"
start() {
	mount -t tmpfs tmpfs /run
	mount --bind "$dir/$1" /etc/swanctl/conf.d
	charon-systemd >"$dir/$1.log" 2>&1 &
	until [ -S /run/charon.vici ]; do sleep 0.1; done
	swanctl --load-all
	touch "$dir/$1.up"
	if [ "$1" = here ]; then
		until [ -e "$dir/far.up" ]; do sleep 0.1; done
		swanctl --initiate --child berlin-1 --timeout 60
		ping -c 1 -w 30 -I 10.0.1.1 10.2.0.1
	else
		wait
	fi
}
export -f start
export dir
ip netns exec far unshare --mount bash -euc 'start far' >"$dir/far.out" 2>&1 &
unshare --mount bash -euc 'start here'
`

// TestTunnel: two ends that say the same join their networks, through the rendered
// packet filter. With another key, or another cipher, they do not.
func TestTunnel(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "swanctl", "charon-systemd", "ip", "nft", "ping")
	for _, path := range []string{"/dev/net/tun", "/etc/strongswan.d/charon/kernel-libipsec.conf", "/etc/strongswan.d/charon/gcm.conf"} {
		if _, err := os.Stat(path); err != nil {
			t.Skip("SKIPPED: a tunnel needs " + path)
		}
	}
	const gcm = "{ vms+: { rtr01+: { router+: { ipsec+: { berlin+: { ike: { encryption: 'aes256gcm128', hash: 'sha384', dhGroup: 20 }, esp: { encryption: 'aes256gcm128' } } } } } } }"
	tests := []struct{ name, patch, old, new, want string }{
		{"the rendered files", "{}", "", "", "1 received"},
		{"GCM and an elliptic curve", gcm, "", "", "1 received"},
		{"another key", "{}", "secret = 0saHVudGVyMg==", "secret = 0saHVudGVyMw==", "AUTHENTICATION_FAILED"},
		{"another cipher", "{}", " proposals = aes256", " proposals = aes128", "NO_PROPOSAL_CHOSEN"},
		{"another network", "{}", "remote_ts = 10.0.1.0/24", "remote_ts = 10.0.9.0/24", "TS_UNACCEPT"},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		here, filter := router(t, tt.patch)
		far := strings.Replace(mirror.Replace(here), tt.old, tt.new, 1)
		if tt.old != "" && far == mirror.Replace(here) {
			t.Fatalf("%s: %q does not break\n%s", tt.name, tt.old, far)
		}
		for name, text := range map[string]string{"here/berlin.conf": here, "far/berlin.conf": far, "nftables.conf": filter, "strongswan.conf": daemon} {
			write(t, filepath.Join(dir, name), text)
		}
		out, ok := rendertest.Alone(t, "dir="+dir+"\n"+tunnel)
		if ok != (tt.old == "") || !strings.Contains(out, tt.want) {
			log, _ := os.ReadFile(filepath.Join(dir, "here.log"))
			t.Errorf("%s: there is a tunnel: %t; %q is wanted in:\n%s%s", tt.name, ok, tt.want, out, log)
		}
	}
}

// mirror makes the other end of a connection.
var mirror = strings.NewReplacer("46.4.71.77", "46.4.71.78", "46.4.71.78", "46.4.71.77", "10.0.1.0/24", "10.2.0.0/16", "10.2.0.0/16", "10.0.1.0/24")

// router is the connection and the packet filter of the rendered router, the
// secret in its place.
func router(t *testing.T, patch string) (connection, filter string) {
	t.Helper()
	files, err := render.Render(rendertest.Variant(t, "nullzero", joined+" + "+patch))
	if err != nil {
		t.Fatal(err)
	}
	set := artifact.Set{Files: files}
	connection = strings.Replace(rendertest.Content(t, set, path), "@@secret:swanctl:vpn/berlin@@", "0saHVudGVyMg==", 1)
	return connection, rendertest.Content(t, set, "rtr01/etc/nftables.conf")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
