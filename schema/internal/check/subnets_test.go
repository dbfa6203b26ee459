package check

import (
	"net/netip"
	"slices"
	"testing"

	"stackgen/schema/diag"
)

// TestOverlapsFindsAll compares the sweep with looking at each pair.
func TestOverlapsFindsAll(t *testing.T) {
	subnets := func(list ...string) (out []subnetInUse) {
		for _, s := range list {
			out = append(out, subnetInUse{"/networks/" + diag.Path(s)[1:], netip.MustParsePrefix(s)})
		}
		return out
	}
	for _, tt := range [][]subnetInUse{
		subnets("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.1.0.0/16", "11.0.0.0/8"),
		subnets("0.0.0.0/0", "10.0.0.0/8", "::/0", "fd00::/8", "fd00::/64"),
		subnets("10.0.0.0/24", "10.0.0.0/24", "10.0.0.0/24"),
		subnets("10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24"),
	} {
		want := 0
		for i, s := range tt {
			if slices.ContainsFunc(tt[:i], func(o subnetInUse) bool { return o.prefix.Overlaps(s.prefix) }) ||
				slices.ContainsFunc(tt[i+1:], func(o subnetInUse) bool { return o.prefix.Overlaps(s.prefix) && o.prefix.Bits() < s.prefix.Bits() }) {
				want++ // s lies in another, or is the same as an earlier one
			}
		}
		var diags diag.List
		overlaps(slices.Clone(tt), &diags)
		if len(diags) != want {
			t.Errorf("%v: %d findings, want %d", tt, len(diags), want)
		}
	}
}
