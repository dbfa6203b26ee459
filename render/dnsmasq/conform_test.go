package dnsmasq

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

func TestDnsmasqAccepts(t *testing.T) {
	rendertest.Need(t, "dnsmasq")
	accepts := func(text string) (string, bool) {
		return rendertest.Run(t, "dnsmasq", "--test", "--conf-file="+rendertest.Write(t, "router.conf", text))
	}
	for _, patch := range []string{"{}", "{ dnsForwarding:: null }", "{ dhcpServer:: {} }", "{ dhcpServer: { office: {} }, dnsForwarding+: { authoritative: true } }"} {
		if out, ok := accepts(config(t, patch)); !ok {
			t.Errorf("%s is refused:\n%s", patch, out)
		}
	}
	good := config(t, "{}")
	for _, twin := range []struct{ old, new string }{
		{"except-interface=lo", "accept-interface=lo"},
		{"10.7.20.254,255", "10.7.20.254.255"},
		{"server=9.9.9.9", "server=9.9.9.999"},
		{"option:router,10.7.0.1", "option:gateway,10.7.0.1"},
		{"10.7.0.100,10.7.0.199", "10.7.0.100,10.9.0.199"},
		{"cache-size=10000", "cache-size=many"},
	} {
		bad := strings.Replace(good, twin.old, twin.new, 1)
		if bad == good {
			t.Fatalf("there is no %q", twin.old)
		}
		if out, ok := accepts(bad); ok {
			t.Errorf("%q instead of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
}
