package check

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write timezones.txt from the time zone database of this system")

// database is where Debian's tzdata has the sources of the database in one file
// (zic(8)): its version, then a line Z NAME for each zone, and L ZONE NAME for each
// other name of one.
const database = "/usr/share/zoneinfo/tzdata.zi"

// TestTimeZones: timezones.txt is no older than what this system has. A system that is
// older knows nothing that is not in it.
func TestTimeZones(t *testing.T) {
	text, err := os.ReadFile(database)
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("STACKGEN_REQUIRE_TOOLS") == "":
		t.Skip("there is no " + database)
	case err != nil:
		t.Fatal(err)
	}
	version, zones := zonesIn(string(text))
	want := "# The names of the IANA time zone database, version " + version + ", which is in the public domain.\n" +
		strings.Join(zones, "\n") + "\n"
	if *update {
		if err := os.WriteFile("timezones.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	head, list, _ := strings.Cut(zoneList, "\n")
	_, ours, _ := strings.Cut(head, "version ")
	if ours, _, _ = strings.Cut(ours, ","); ours > version {
		for _, zone := range zones {
			if !slices.Contains(strings.Fields(list), zone) {
				t.Errorf("%s is missing in timezones.txt, and in version %s it is there", zone, version)
			}
		}
		return
	}
	if zoneList != want {
		t.Errorf("timezones.txt is not that of version %s: go test ./schema/internal/check -run TestTimeZones -update", version)
	}
}

// TestZonesIn: names of before there were regions are left out, but for UTC.
func TestZonesIn(t *testing.T) {
	version, zones := zonesIn("# version 2031c\nR a 1\nZ Europe/Berlin 0:53:28 - LMT 1893\nZ Etc/UTC 0 - UTC\nZ EST -5 - EST\nL Etc/UTC UTC\nL Europe/Berlin Atlantic/Jan_Mayen\n")
	if got, want := version+" "+strings.Join(zones, " "), "2031c Atlantic/Jan_Mayen Etc/UTC Europe/Berlin UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// regions are the first parts of the names that the database has kept since they are
// built of a region and a place; Etc is for ships.
var regions = []string{"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Etc", "Europe", "Indian", "Pacific"}

func zonesIn(text string) (version string, zones []string) {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if rest, ok := strings.CutPrefix(line, "# version "); ok {
			version = strings.TrimSpace(rest)
		}
		name := ""
		switch {
		case len(words) < 3:
		case words[0] == "Z":
			name = words[1]
		case words[0] == "L":
			name = words[2]
		}
		if region, _, ok := strings.Cut(name, "/"); ok && slices.Contains(regions, region) || name == "UTC" {
			zones = append(zones, name)
		}
	}
	slices.Sort(zones)
	return version, zones
}
