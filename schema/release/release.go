// Package release is the table of what the releases of the operating system
// have: versions, names and defaults that differ from one to the next.
//
// A topology says os: 'debian-12'; here stands what follows from it, one release
// beside the other. It takes the name and gives the facts. Everybody else asks
// for a fact and nobody for a release by its name, so that another release is
// another row.
package release

import "slices"

// Release is what a release of Debian has.
type Release struct {
	Name     string // as a topology says it
	Codename string // as Debian's archive says it

	// PHP is the version that is in the names of its packages, units, programs and
	// folders: php8.2-fpm, /etc/php/8.2.
	PHP string

	// QEMU is the version of the newest machine types, pc-q35-7.2. A newer release
	// knows those of an older one, an older one does not know the newer ones.
	QEMU string

	// DHCPCD is whether ifupdown's own DHCP client is dhcpcd, which it runs where
	// dhclient is not installed.
	DHCPCD bool

	// Quadlet is whether podman makes services of containers: version 5 does.
	Quadlet bool

	// HTTP2 is whether nginx has the directive http2, and warns about the parameter
	// of listen.
	HTTP2 bool

	// Collation is what MariaDB takes for a schema in utf8mb4 that names none.
	Collation string
}

// releases are all that a topology can name, the oldest first.
var releases = [...]Release{
	{
		Name:      "debian-12",
		Codename:  "bookworm",
		PHP:       "8.2",
		QEMU:      "7.2",
		DHCPCD:    false,
		Quadlet:   false,
		HTTP2:     false,
		Collation: "utf8mb4_general_ci",
	},
	{
		Name:      "debian-13",
		Codename:  "trixie",
		PHP:       "8.4",
		QEMU:      "10.0",
		DHCPCD:    true,
		Quadlet:   true,
		HTTP2:     true,
		Collation: "utf8mb4_uca1400_ai_ci",
	},
}

// All are the releases that a topology can name, the oldest first.
func All() []Release { return slices.Clone(releases[:]) }

// Default is the release of a host that does not say which one it has.
func Default() Release { return releases[0] }

// Newest is the release to suggest.
func Newest() Release { return releases[len(releases)-1] }

// Oldest is the oldest of some releases by their names, or the newest there is of
// none: what it knows, the others know as well.
func Oldest(names []string) Release {
	for _, r := range releases {
		if slices.Contains(names, r.Name) {
			return r
		}
	}
	return Newest()
}

// Of is the release of that name. A name that is in no row, such as the empty
// one of a VM whose system is unknown, has the facts of the default.
func Of(name string) Release {
	for _, r := range releases {
		if r.Name == name {
			return r
		}
	}
	return Default()
}
