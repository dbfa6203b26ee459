package vyos

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// store is a router's configuration as far as the order of changes matters to
// it: a set of commands, where a leaf that is no list has one value.
type store map[string]bool

// do changes a store as VyOS would. Deleting what is not there is an error.
func (s store) do(d dialect, line string) error {
	if rest, ok := strings.CutPrefix(line, "set "); ok {
		path, _, quoted := strings.Cut(rest, " '")
		for have := range s {
			if other, _, _ := strings.Cut(have, " '"); quoted && other == path && !isList(d, path) {
				delete(s, have)
			}
			if strings.HasPrefix(rest, have+" ") { // a node that stood for itself has a child now
				delete(s, have)
			}
		}
		s[rest] = true
		return nil
	}
	rest, ok := strings.CutPrefix(line, "delete ")
	if !ok {
		return fmt.Errorf("no command: %s", line)
	}
	found := false
	for have := range s {
		bare := strings.ReplaceAll(have, "'", "")
		if gone := strings.ReplaceAll(rest, "'", ""); bare == gone || strings.HasPrefix(bare, gone+" ") {
			delete(s, have)
			found = true
		}
	}
	if !found {
		return fmt.Errorf("nothing to delete: %s", line)
	}
	return nil
}

func isList(d dialect, path string) bool {
	return slices.ContainsFunc(lists(d), func(pattern string) bool { return matches(pattern, path) })
}

func matches(pattern, path string) bool {
	p, w := strings.Fields(pattern), strings.Fields(path)
	if len(p) != len(w) {
		return false
	}
	for i := range p {
		if p[i] != "*" && p[i] != w[i] {
			return false
		}
	}
	return true
}

// managed reports what is wrong with the way to a router: its address, its
// default route, and that no binding leads into a ruleset without the rule for
// SSH.
func (s store) managed() error {
	var address, route, local, ssh bool
	var target string
	for have := range s {
		bare := strings.ReplaceAll(have, "'", "")
		w := strings.Fields(bare)
		address = address || strings.HasPrefix(bare, "interfaces ethernet eth0 address ")
		route = route || strings.HasPrefix(bare, "protocols static route 0.0.0.0/0 next-hop ")
		if strings.HasPrefix(bare, "firewall ipv4 input filter rule") && w[len(w)-2] == "jump-target" ||
			strings.HasPrefix(bare, "interfaces ethernet eth0 firewall local name ") {
			local, target = true, w[len(w)-1]
		}
	}
	for have := range s {
		ssh = ssh || strings.Contains(have, " name "+target+" rule 10 destination port '22'")
	}
	if !address || !route || local && !ssh {
		return fmt.Errorf("address: %t, default route: %t, local ruleset: %q, SSH in it: %t", address, route, target, ssh)
	}
	return nil
}

// conditions are routers to get from and to, in a release, laid over the reference
// stack.
func conditions(version string) []string {
	blocks := []string{
		"{}",
		"{ nat:: {}, firewall:: {}, openvpn:: {} }",
		"{ nameServers: ['1.1.1.1', '8.8.8.8'], staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' } } }",
		"{ staticRoutes: { '10.9.0.0/16': { interface: 'eth1', distance: 10 }, '10.0.0.0/8': { blackhole: true } } }",
		"{ staticRoutes: { '10.9.0.0/16': { interface: 'vtun0' }, '10.0.0.0/8': { blackhole: true, distance: 250 } } }",
		"{ openvpn+: { vtun0+: { ciphers: ['AES-256-GCM'], clients: { remoteur: { address: '172.16.17.9' }, other: {} }, tunMtu:: 0 } } }",
		"{ openvpn: { vtun1: { port: 1195, subnet: '172.16.18.0/24', description: 'another', tls: { ca: { secret: 'a' }, cert: { secret: 'b' }, key: { secret: 'c' }, dh: { secret: 'd' } } } } }",
		"{ firewall+: { rulesets: { own: { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 }, state: ['new'] }, '30': { action: 'drop', state: ['invalid', 'related'] } } } } } }",
		"{ firewall+: { allPing: false, statePolicy: {}, rulesets+: { 'wan-in'+: { rules+: { '10'+: { description:: '', log: true } } } } } }",
		"{ dhcpServer: { lan: { ranges: { a: { start: '10.0.1.100', stop: '10.0.1.149' } }, nameServers: ['9.9.9.9', '10.0.1.1'] } }, dnsForwarding: { networks: ['lan', 'public'], nameServers: ['9.9.9.9', '1.1.1.1'] }," +
			" ssh: { networks: ['public', 'lan'], disablePasswordAuthentication: true }, snmp: { community: { secret: 'snmp' }, networks: ['lan', 'public'], location: 'here' }, system: { syslog: { '10.0.1.9': {} }, options: { rebootOnPanic: true } } }",
		"{ dhcpServer: { lan: { ranges: { b: { start: '10.0.1.150', stop: '10.0.1.199' } }, mapVMs: false, lease: '1h' } }, dnsForwarding: { networks: ['lan'], hosts: false }," +
			" ssh: { networks: ['public'] }, snmp: { community: { secret: 'other' }, networks: ['lan'] }, system: { syslog: { '10.0.1.9': { level: 'err' }, '10.0.1.8': {} } } }",
		"{ nat+: { source+: { '20': { source: '10.9.0.0/16', outboundInterface: 'eth0' } }, destination: {} } }",
	}
	var all []string
	for _, block := range slices.Concat(blocks, tunnels(version), filters(version)) {
		all = append(all, "{ vms+: { rtr01+: { router+: "+block+" } } }")
	}
	return append(all, links(version)...)
}

// links are routers with more interfaces, and neighbours that they speak with.
func links(version string) []string {
	const one = `{
		networks+: { guests: { bridge: 'sw-lan', vlan: 20, subnet: '10.0.20.0/24' }, dmz: { bridge: 'sw-lan', vlan: 7, subnet: '10.0.7.0/24' } },
		vms+: { rtr01+: {
			interfaces+: {
				eth0+: { description: 'the provider', addresses: ['46.4.71.78/27'] }, eth1+: { addresses: ['2001:db8:0:1::1/64'] },
				'eth1.20': { network: 'guests', address: '10.0.20.1', mtu: 1300 },
				eth2: { network: 'dmz' }, eth3: { network: 'dmz' },
				bond0: { network: 'dmz', address: '10.0.7.1', bond: { interfaces: ['eth2', 'eth3'], mode: 'active-backup' } },
				lo: { addresses: ['10.255.0.2/32'] },
			},
			router+: {
				bgp: { as: 65001, routerId: '46.4.71.77', networks: ['lan'], neighbors: { '46.4.71.65': { remoteAs: 65002 }, '10.0.1.250': { remoteAs: 65001, nextHopSelf: true } } },
				ospf: { areas: { '0': { networks: ['dmz', 'guests'] } }, passiveInterfaces: ['eth1.20'], redistribute: ['static'] },
				shapers: { eth0: { bandwidth: '100mbit' } },
				firewall+: { rulesets+: { guests: { attach: [{ interface: 'eth1.20', direction: 'in' }, { interface: 'bond0', direction: 'in' }] } } },
			},
		} },
	}`
	const other = one + ` + {
		vms+: { rtr01+: {
			interfaces+: { eth0+: { description:: '', addresses: ['46.4.71.79/27'] }, 'eth1.20'+: { addresses: ['10.0.20.9/24'] }, bond0+: { mode:: '' }, lo:: {} },
			router+: {
				bgp: { as: 65009, networks: ['dmz', '10.0.0.0/8'], neighbors: { '10.0.1.250': { remoteAs: 65001, ebgpMultihop: 2 } } },
				ospf: { areas: { '0': { networks: ['dmz'] }, '1': { networks: ['guests'] } } },
				shapers: { eth0: { bandwidth: '50mbit' }, eth1: { bandwidth: '1gbit' } },
				firewall+: { rulesets+: { guests: { attach: [{ interface: 'bond0', direction: 'in' }] } } },
			},
		} },
	}`
	if version == "1.1" {
		return []string{one, other}
	}
	shared := `{
		vrrp: { inside: { network: 'lan', vrid: 10, address: '10.0.1.254', routers: ['rtr01', 'rtr02'] } },
		vms+: {
			rtr01+: { interfaces+: { dum0: { addresses: ['10.255.0.1/32'] } }, router+: { routerAdvert: { eth1: { otherConfigFlag: true, nameServers: ['2001:db8::53'] } } } },
			rtr02: { host: 'vmm', vcpus: 1, memory: '1GiB', disks: { vda: { size: '10GiB' } }, interfaces: { eth0: { network: 'lan', address: '10.0.1.250' } }, router: { platform: 'vyos', version: '` + version + `' } },
		},
	}`
	changed := "{ vrrp+: { inside+: { address: '10.0.1.253', preempt: false } }, vms+: { rtr01+: { interfaces+: { dum0+: { addresses: ['10.255.0.3/32'] } }, router+: { routerAdvert: { eth1: { managedFlag: true } } } } } }"
	return []string{one + " + " + shared, other + " + " + shared + " + " + changed}
}

// tunnels are two routers with IPsec, and with WireGuard where a release has it.
func tunnels(version string) []string {
	one, other := "{ ipsec: { berlin: "+ipsecPeer+" } }",
		"{ ipsec: { berlin: "+ipsecPeer+" + { remoteAddress: '203.0.113.9', tunnels+: { '1'+: { remotePrefix: '10.4.0.0/16' }, '3': { localPrefix: 'lan', remotePrefix: '10.5.0.0/16' } } }, "+
			"mitte: "+ipsecPeer+" + { remoteAddress: '203.0.113.2', presharedKey: { secret: 'm' } } } }"
	if dialectOf(version).has(wireGuard) {
		one += " + { wireguard: { wg0: " + wireGuardLink + " } }"
		other += " + { wireguard: { wg0: " + wireGuardLink + " + { peers+: { b+: { allowedIPs: ['10.3.0.0/16'], presharedKey: { secret: 'psk' } } } }, wg1: " + wireGuardLink + " + { port: 7, subnet: '10.8.0.0/24', peers: {} } }, " +
			"firewall+: { rulesets+: { tunnel: { defaultAction: 'accept', attach: [{ interface: 'wg0', direction: 'in' }] } } } }"
	}
	return []string{one, other}
}

const ipsecPeer = "{ remoteAddress: '203.0.113.1', presharedKey: { secret: 'b' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.2.0.0/16' } } }"

const wireGuardLink = "{ subnet: '10.9.0.0/24', privateKey: { secret: 'wg0.key' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=', " +
	"peers: { b: { publicKey: 'twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=', address: '10.9.0.2', allowedIPs: ['10.2.0.0/16', '10.4.0.0/16'] } } }"

// filters are routers with more of NAT and of the firewall.
func filters(version string) []string {
	jumps := "common: { rules: { '10': { action: 'accept', protocol: 'esp' } } }, 'wan-in'+: { rules+: { '20': { action: 'jump', jumpTarget: 'common' } } }, "
	if !dialectOf(version).has(rulesetJumps) {
		jumps = ""
	}
	return []string{
		`{ nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', protocol: 'tcp', destination: { address: '10.9.0.0/16', port: '80,443' }, exclude: true }, '10'+: { translation: '46.4.71.78-46.4.71.80', log: true } },
			destination+: { '10'+: { hairpin: true, source: { address: '198.51.100.0/24' } } }, static: { '7': { inboundInterface: 'eth0', address: '46.4.71.79', translation: { vm: 'web01' } } } } }`,
		`{ firewall+: { groups: { address: { hosts: { addresses: ['web01', 'lb01', '10.0.1.20-10.0.1.30'] } }, network: { nets: { networks: ['lan', '10.9.0.0/16'] } }, port: { web: { ports: '80,443' } }, interface: { all: { interfaces: ['eth0', 'eth1'] } } },
			rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'all', direction: 'in' }], rules+: { '20': { action: 'accept', protocol: 'tcp', source: { networkGroup: 'nets' }, destination: { addressGroup: 'hosts', portGroup: 'web' }, limit: { rate: '10/minute', burst: 5 } } } },
			six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }, { interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'ipv6-icmp', source: { address: '2001:db8::/32', not: true }, state: ['new', 'related'] } } } } } }`,
		`{ firewall+: { groups: { address: { hosts: { addresses: ['web01'] } }, port: { web: { ports: '80' } } }, rulesets+: { ` + jumps + `'lan-out': { defaultAction: 'accept', attach: [{ interface: 'eth1', direction: 'out' }],
			rules: { '10': { action: 'drop', protocol: 'tcp', source: { addressGroup: 'hosts', portGroup: 'web' } } } } } } }`,
		"{ firewall: " + zoned + " }",
	}
}

// TestConverge goes from each router to each other by the lines that the script
// works out, and looks at the way to the router after every one of them. Releases
// that say nearly what 1.4 says go from and to the reference stack only.
func TestConverge(t *testing.T) {
	rendertest.Need(t, "bash", "awk")
	for _, version := range []string{"1.1", "1.3", "1.4", "1.5", "rolling"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			routers := make([]store, len(conditions(version)))
			dirs := make([]string, len(conditions(version)))
			for i, patch := range conditions(version) {
				routers[i], dirs[i] = condition(t, patch, version)
			}
			for i := range routers {
				for j := range routers {
					if i > 0 && j > 0 && slices.Contains([]string{"1.5", "rolling"}, version) {
						continue
					}
					converge(t, conditions(version)[i]+" → "+conditions(version)[j], version, routers[i], routers[j], dirs[i], dirs[j])
				}
			}
		})
	}
}

// condition is a router as a store, and a folder with its list and script.
func condition(t *testing.T, patch, version string) (store, string) {
	t.Helper()
	topo := rendertest.Variant(t, "nullzero", patch+" + { vms+: { rtr01+: { router+: { version: '"+version+"' } } } }")
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	dir, s := t.TempDir(), store{}
	for _, name := range []string{"commands.txt", "commit.sh"} {
		text := rendertest.Content(t, set, "rtr01/vyos/"+name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range linesIn(t, topo) {
		if strings.HasPrefix(line, "set ") {
			if err := s.do(dialectOf(version), line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.managed(); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func converge(t *testing.T, name, version string, from, to store, fromDir, toDir string) {
	t.Helper()
	out, ok := rendertest.Run(t, "bash", filepath.Join(toDir, "commit.sh"), "--plan", filepath.Join(fromDir, "commands.txt"))
	if !ok {
		t.Fatalf("%s: %s", name, out)
	}
	s := store{}
	for have := range from {
		s[have] = true
	}
	for line := range strings.Lines(unmasked(out, from, to)) {
		line = strings.TrimSuffix(line, "\n")
		if err := s.do(dialectOf(version), line); err != nil {
			t.Errorf("%s: %v in\n%s", name, err, out)
		}
		if err := s.managed(); err != nil {
			t.Errorf("%s: after %s: %v", name, line, err)
		}
	}
	for have := range s {
		// VyOS itself notes which card an interface is, so that is never taken back.
		if path, _, _ := strings.Cut(have, " '"); !to[have] && !matches("interfaces ethernet * hw-id", path) {
			t.Errorf("%s: left over: %s\n%s", name, have, out)
		}
	}
	for want := range to {
		if !s[want] {
			t.Errorf("%s: missing: %s\n%s", name, want, out)
		}
	}
}

// unmasked puts the values back that a plan does not show.
func unmasked(plan string, from, to store) string {
	plan = regexp.MustCompile(`(?m)^delete `+secretTag+` …`).ReplaceAllString(plan, "delete "+from.community())
	plan = strings.ReplaceAll(plan, "set "+secretTag+" …", "set "+to.community())
	for have := range to {
		if path, _, ok := strings.Cut(have, " '"); ok {
			plan = strings.ReplaceAll(plan, "set "+path+" …\n", "set "+have+"\n")
		}
	}
	return plan
}

// community is the node whose tag is secret.
func (s store) community() string {
	for have := range s {
		if rest, ok := strings.CutPrefix(have, secretTag+" "); ok {
			return secretTag + " " + strings.Fields(rest)[0]
		}
	}
	return ""
}

// TestForeignStays: what is not ours is not touched, however it is quoted, and
// what is ours goes by its highest node.
func TestForeignStays(t *testing.T) {
	rendertest.Need(t, "bash", "awk")
	_, dir := condition(t, "{}", "1.4")
	running, err := os.ReadFile(filepath.Join(dir, "commands.txt"))
	if err != nil {
		t.Fatal(err)
	}
	foreign := `set 'service' 'ssh' 'port' '22'
set system login user admin authentication public-keys me key 'AAAA'
set interfaces ethernet eth0 duplex 'auto'
set interfaces loopback lo
set pki ca mine certificate 'AAAA'
set firewall global-options syn-cookies 'enable'
`
	ours := `set firewall ipv4 name dead rule 1 action 'drop'
set firewall ipv4 name dead rule 2 description 'a b'
set interfaces ethernet eth1 description 'a b'
set interfaces ethernet eth1 address '10.0.1.254/24'
set 'interfaces' 'ethernet' 'eth0' 'firewall' 'in' 'name' 'x'
set pki ca vtun7 certificate 'AAAA'
`
	out, ok := rendertest.Run(t, "bash", filepath.Join(dir, "commit.sh"), "--plan", rendertest.Write(t, "running", string(running)+foreign+ours))
	want := `delete interfaces ethernet eth0 firewall
delete firewall ipv4 name dead
delete interfaces ethernet eth1 address 10.0.1.254/24
delete pki ca vtun7
`
	if !ok || out != want {
		t.Errorf("\n got %s\nwant %s", out, want)
	}
}
