package rendertest

import (
	"os"

	"stackgen/schema/release"
)

// Release is the release of Debian whose programs the tests run: the one that
// STACKGEN_RELEASE names, or the default. With another than the default all
// fixtures are of it, hosts and guests.
func Release() release.Release { return release.Of(os.Getenv("STACKGEN_RELEASE")) }

// onRelease is Jsonnet of a topology with all its machines on that release.
func onRelease(topology string) string {
	if Release() == release.Default() {
		return topology
	}
	system := "{ os: '" + Release().Name + "' }"
	return "local stack = " + topology + ";\nstack + {\n" +
		"  hosts: std.mapWithKey(function(_, host) host + " + system + ", stack.hosts),\n" +
		"  vms: std.mapWithKey(function(_, vm) if std.objectHas(vm, 'os') then vm + " + system + " else vm, stack.vms),\n}\n"
}
