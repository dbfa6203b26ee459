// Package releasetest has tests run on the release of Debian whose programs they
// find: STACKGEN_RELEASE names it, and without it that is the default.
package releasetest

import (
	"os"

	"stackgen/schema/release"
)

// Here is the release of the programs.
func Here() release.Release { return release.Of(os.Getenv("STACKGEN_RELEASE")) }

// Elsewhere reports whether that is another release than the default.
func Elsewhere() bool { return Here() != release.Default() }

// Topology is the Jsonnet of a topology with all its machines on that release, as it
// was where that is the default.
func Topology(jsonnet string) string {
	if !Elsewhere() {
		return jsonnet
	}
	system := "{ os: '" + Here().Name + "' }"
	return "local stack = " + jsonnet + ";\nstack + {\n" +
		"  hosts: std.mapWithKey(function(_, host) host + " + system + ", stack.hosts),\n" +
		"  vms: std.mapWithKey(function(_, vm) if std.objectHas(vm, 'os') then vm + " + system + " else vm, stack.vms),\n}\n"
}
