package check

import (
	_ "embed"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// zoneList has a name of a time zone on each line, sorted.
//
//go:embed timezones.txt
var zoneList string

// timeZone finds a zone that there is not: a router would refuse it only when
// its whole configuration is on the way.
func timeZone(vm *topology.VM, diags *diag.List) {
	zone := vm.Router.System.TimeZone
	if zone == "" {
		return
	}
	zones := strings.Fields(strings.SplitN(zoneList, "\n", 2)[1])
	if _, known := slices.BinarySearch(zones, zone); known {
		return
	}
	d := diags.Errorf("router/time-zone", routerPath(vm, "system", "timeZone"), "there is no time zone %q", zone)
	if near := wording.Nearest(zone, zones); near != "" {
		d.Hintf("did you mean %q?", near)
	} else {
		d.Hintf("write a region and a place, such as Europe/Berlin, or UTC")
	}
}
