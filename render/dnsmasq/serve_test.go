package dnsmasq

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// ask is a program that asks 10.7.0.1 for a name, and prints the address that
// it is told: a query of RFC 1035, and the last four bytes of the answer.
const ask = `import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
name = b"".join(bytes([len(p)]) + p.encode() for p in sys.argv[1].split(".")) + b"\0"
for attempt in range(6):
    s.sendto(b"\0\7\1\0\0\1\0\0\0\0\0\0" + name + b"\0\1\0\1", ("10.7.0.1", 53))
    try:
        answer = s.recv(512)
        print(socket.inet_ntoa(answer[-4:]) if answer[7] else "none")
        break
    except socket.timeout:
        pass
`

// TestServes lets two machines ask for an address and for a name: one of the
// topology, which is known by its card, and one that nobody has spoken of.
func TestServes(t *testing.T) {
	want := `domain-name-servers 10.7.0.1
fixed-address 10.7.0.10
host-name "files01"
routers 10.7.0.1
fixed-address 10.7.0.1
10.7.0.10
10.7.0.1
`
	if out := served(t, config(t, "{}")); !strings.HasSuffix(out, want) {
		t.Errorf("\n got %s\nwant %s", out, want)
	}
	if out := served(t, config(t, "{ dhcpServer+: { office+: { mapVMs: false } } }")); strings.HasSuffix(out, want) {
		t.Errorf("without a mapping the machine still gets its address:\n%s", out)
	}
}

// served is what both are told.
func served(t *testing.T, text string) string {
	t.Helper()
	rendertest.Need(t, "dnsmasq", "dhclient", "python3", "ip")
	file := rendertest.Write(t, "router.conf", text)
	client := rendertest.Write(t, "ask.py", ask)
	out, ok := rendertest.Alone(t, `mkdir /run/leases
mount -t tmpfs tmpfs /var/lib/misc
ip link add eth1 type veth peer name peer
ip link add eth2 type veth peer name peer2
ip addr add 10.7.0.1/24 dev eth1
ip addr add 10.7.20.1/23 dev eth2
ip link set eth1 up; ip link set eth2 up
ip netns add office; ip link set peer netns office
dnsmasq --conf-file=`+file+` --user=root --pid-file=/run/dnsmasq.pid --log-facility=/run/dnsmasq.log
lease() { # CARD
	ip netns exec office ip link set peer down
	ip netns exec office ip link set peer address "$1" up
	ip netns exec office dhclient -4 -1 -v -sf /bin/true -lf "/run/leases/$1" -pf "/run/pid.$1" peer > "/run/log.$1" 2>&1 || { cat "/run/log.$1" >&2; false; }
	grep -E -o 'fixed-address [0-9.]+|routers [0-9.]+|domain-name-servers [0-9.]+|host-name "[a-z0-9]+"' "/run/leases/$1"
}
lease 52:54:00:2e:77:56 | sort
lease 02:00:00:00:00:09 | grep -o 'fixed-address 10.7.0.1[0-9][0-9]' | cut -c1-22
ip netns exec office ip addr add 10.7.0.99/24 dev peer
for name in files01.branch.example.net gw01.branch.example.net; do ip netns exec office python3 `+client+` $name; done
`)
	if !ok {
		t.Fatalf("failed:\n%s", out)
	}
	return out
}
