package guest

import (
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestHosts(t *testing.T) {
	tests := []struct {
		name, patch, path, want string
	}{
		{"seen from the internal network", `{}`, "web01/etc/hosts", `10.0.1.1	rtr01.nullzero.me rtr01
10.0.1.2	lb01.nullzero.me lb01
10.0.1.3	web01.nullzero.me web01
10.0.1.4	db01.nullzero.me db01
`},
		{"the cache has nothing to do with the database", `{}`, "lb01/etc/hosts", `10.0.1.1	rtr01.nullzero.me rtr01
10.0.1.2	lb01.nullzero.me lb01
10.0.1.3	web01.nullzero.me web01
`},
		{"a host on two sides of the router", `{ vms+: {
			rtr01+: { router+: { nat+: { destination+: { '20': { inboundInterface: 'eth0', port: 3306, translation: { vm: 'db01' } } } } } },
			db01+: { interfaces: { eth0: { network: 'public', address: '46.4.71.78' } } } } }`, "db01/etc/hosts",
			`10.0.1.3	web01.nullzero.me web01
46.4.71.77	rtr01.nullzero.me rtr01
46.4.71.78	db01.nullzero.me db01
`},
		{"no address of its own", `{ vms+: { spare: $.vms.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan' } } } } }`, "spare/etc/hosts",
			`10.0.1.1	rtr01.nullzero.me rtr01
127.0.1.1	spare.nullzero.me spare
`},
		{"no domain", `{ domain:: null }`, "db01/etc/hosts",
			`10.0.1.1	rtr01
10.0.1.3	web01
10.0.1.4	db01
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", tt.patch)), tt.path)
			want := "# " + artifact.Header + "\n127.0.0.1\tlocalhost\n" + tt.want +
				"\n::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n"
			if got != want {
				t.Errorf("hosts\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestResolver(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{
		networks+: { backup: { bridge: 'sw-lan', vlan: 9, subnet: '192.0.2.0/24', nameServers: ['192.0.2.53', '9.9.9.9'] } },
		vms+: { db01+: { interfaces+: { eth0: { network: 'backup', address: '192.0.2.4' }, eth1: { network: 'lan', address: '10.0.1.4' } } } },
	}`)
	const want = "# " + artifact.Header + "\nsearch nullzero.me\nnameserver 9.9.9.9\nnameserver 192.0.2.53\n"
	if got := rendertest.Content(t, render(t, topo), "db01/etc/resolv.conf"); got != want {
		t.Errorf("resolv.conf\n got %s\nwant %s", got, want)
	}
	for _, f := range render(t, rendertest.Variant(t, "nullzero", `{ networks+: { lan+: { nameServers: [] } } }`)).Files {
		if f.Path == "etc/resolv.conf" {
			t.Errorf("%s is rendered without a name server", f.TreePath())
		}
	}
}

func render(t *testing.T, topo *topology.Topology) artifact.Set {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
