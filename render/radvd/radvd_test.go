package radvd

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestConform has radvd read what a router on Debian tells of two prefixes.
func TestConform(t *testing.T) {
	rendertest.Need(t, "radvd")
	set, err := Render(rendertest.Variant(t, "edge", `{ vms+: { rtr02+: {
		interfaces+: { eth0+: { addresses: ['2001:db8:0:5::1/64', '2001:db8:0:6::1/64', '2001:db8:7::1/48', '10.7.7.7/24'] } },
		router+: { routerAdvert: { eth0: { managedFlag: true, otherConfigFlag: true, nameServers: ['2001:db8::53', '2001:db8::54'] } } },
	} } }`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `
interface eth0 {
    AdvSendAdvert on;
    AdvManagedFlag on;
    AdvOtherConfigFlag on;
    prefix 2001:db8:0:5::/64 {
    };
    prefix 2001:db8:0:6::/64 {
    };
    RDNSS 2001:db8::53 2001:db8::54 {
    };
};
`
	good := rendertest.Content(t, set, "rtr02/"+path)
	if !strings.HasSuffix(good, want) {
		t.Errorf("\n got %s\nwant %s", good, want)
	}
	check := func(text string) (string, bool) {
		return rendertest.Run(t, "radvd", "--configtest", "--config", rendertest.Write(t, "radvd.conf", text))
	}
	if out, ok := check(good); !ok {
		t.Errorf("refused:\n%s", out)
	}
	for _, twin := range []struct{ old, new string }{{"AdvSendAdvert on", "AdvSendAdvert yes"}, {"RDNSS 2001:db8::53", "RDNSS 192.0.2.1"}, {"};\n};\n", "};\n"}} {
		if out, ok := check(strings.Replace(good, twin.old, twin.new, 1)); ok {
			t.Errorf("%q in place of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
}
