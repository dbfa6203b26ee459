package frr

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// router is the one with all features on Debian, with more in its protocols.
const router = `{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, router: super.router {
	platform: 'debian', ipsec:: null, openvpn:: null, wireguard:: null,
	bgp+: { redistribute: ['connected', 'static'], neighbors+: {
		'198.51.100.1': { remoteAs: 65003, ebgpMultihop: 2, updateSource: '192.0.2.10' },
		'10.0.1.9': { remoteAs: 65001, updateSource: 'lo', nextHopSelf: true },
	} },
} } } }`

func content(t *testing.T, path string) string {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "edge", router))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "rtr01/"+path)
}

func TestConfig(t *testing.T) {
	const want = `frr defaults traditional
log syslog informational
service integrated-vtysh-config
!
router bgp 65001
 bgp router-id 192.0.2.10
 no bgp ebgp-requires-policy
 neighbor 10.0.1.9 remote-as 65001
 neighbor 10.0.1.9 update-source lo
 neighbor 192.0.2.1 remote-as 65002
 neighbor 192.0.2.1 description the provider
 neighbor 192.0.2.20 remote-as 65001
 neighbor 198.51.100.1 remote-as 65003
 neighbor 198.51.100.1 ebgp-multihop 2
 neighbor 198.51.100.1 update-source 192.0.2.10
 !
 address-family ipv4 unicast
  network 10.0.1.0/24
  network 10.0.0.0/8
  redistribute connected
  redistribute kernel
  neighbor 10.0.1.9 next-hop-self
  neighbor 192.0.2.20 next-hop-self
 exit-address-family
exit
!
interface eth1.20
 ip ospf passive
exit
!
router ospf
 network 10.0.7.0/24 area 0
 network 10.0.20.0/24 area 0
 redistribute kernel
exit
`
	if got := content(t, configPath); !strings.HasSuffix(got, want) {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestConform has FRRouting's shell read the configuration, and the start script
// find the daemons.
func TestConform(t *testing.T) {
	rendertest.Need(t, "vtysh", "bash")
	good := content(t, configPath)
	check := func(text string) (string, bool) {
		return rendertest.Alone(t, "vtysh --dryrun --inputfile "+rendertest.Write(t, "frr.conf", text))
	}
	if out, ok := check(good); !ok {
		t.Errorf("refused:\n%s", out)
	}
	for _, twin := range []struct{ old, new string }{
		{"remote-as 65002", "remote-as 4294967296"},
		{"area 0", "aera 0"},
		{"network 10.0.7.0/24", "network 10.0.7.0/33"},
		{"next-hop-self", "nexthop-self"},
	} {
		if out, ok := check(strings.Replace(good, twin.old, twin.new, 1)); ok {
			t.Errorf("%q in place of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
	script := "set -a; source " + rendertest.Write(t, "daemons", content(t, daemonsPath)) + `; [ "$bgpd$ospfd$vtysh_enable" = yesyesyes ]`
	if out, ok := rendertest.Run(t, "bash", "-c", script); !ok {
		t.Errorf("the list of daemons cannot be read: %s", out)
	}
}

// TestOSPFTakesIt has the daemon itself read its part: vtysh knows the words, and
// not which of them are deprecated, or said twice. It keeps a folder by its process id
// in /var/tmp.
func TestOSPFTakesIt(t *testing.T) {
	rendertest.Need(t, "vtysh")
	ask := func(text string) string {
		out, _ := rendertest.Alone(t, "mount -t tmpfs none /var/tmp; install -d -o frr -g frr /run/frr; install -m 644 "+rendertest.Write(t, "ospfd.conf", text)+` /run/ospfd.conf
/usr/lib/frr/ospfd -C -f /run/ospfd.conf
`)
		return out
	}
	_, good, ok := strings.Cut(content(t, configPath), "\nexit\n!\ninterface ")
	if !ok {
		t.Fatal("there is nothing about OSPF behind BGP")
	}
	good = "interface " + good
	if out := ask(good); out != "" {
		t.Errorf("refused:\n%s", out)
	}
	const network = " network 10.0.7.0/24 area 0\n"
	for _, twin := range []struct{ old, new string }{
		{network, network + " network 10.0.7.0/24 area 1\n"},
		{network, network + " passive-interface eth1\n"},
	} {
		if out := ask(strings.Replace(good, twin.old, twin.new, 1)); out == "" {
			t.Errorf("%q in place of %q is accepted", twin.new, twin.old)
		}
	}
}
