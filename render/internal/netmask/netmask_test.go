package netmask

import (
	"net/netip"
	"testing"
)

func TestOf(t *testing.T) {
	for prefix, want := range map[string]string{
		"0.0.0.0/0":   "0.0.0.0",
		"10.0.0.0/23": "255.255.254.0",
		"10.0.0.1/32": "255.255.255.255",
	} {
		if got := Of(netip.MustParsePrefix(prefix)); got != want {
			t.Errorf("Of(%s) = %s, want %s", prefix, got, want)
		}
	}
}
