package vyos

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"

	"gopkg.in/yaml.v3"
)

// readBoot reads a configuration file back as commands. It knows no more than
// the reader of VyOS does: a newline ends a leaf, and what is in front of a
// brace are a node and perhaps its tag.
func readBoot(t *testing.T, text string) []string {
	t.Helper()
	var lines, path []string
	var depths []int
	empty := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, isLeaf := strings.Cut(line, " \"")
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case line == "}":
			if empty {
				lines = append(lines, "set "+strings.Join(path, " "))
			}
			last := len(depths) - 1
			path, depths, empty = path[:len(path)-depths[last]], depths[:last], false
		case strings.HasSuffix(line, " {"):
			words := strings.Fields(strings.TrimSuffix(line, " {"))
			path, depths, empty = append(path, words...), append(depths, len(words)), true
		case isLeaf:
			lines, empty = append(lines, "set "+strings.Join(append(slices.Clone(path), name), " ")+" '"+strings.TrimSuffix(value, "\"")+"'"), false
		default:
			lines, empty = append(lines, "set "+strings.Join(append(slices.Clone(path), line), " ")), false
		}
	}
	if len(path) != 0 {
		t.Errorf("%q is not closed", path)
	}
	return lines
}

// TestBoot: the file says what the commands say, in every release that has one.
func TestBoot(t *testing.T) {
	for _, version := range []string{"1.3", "1.4", "1.5", "rolling"} {
		set, err := Render(inRelease(t, version))
		if err != nil {
			t.Fatal(err)
		}
		got := readBoot(t, rendertest.Content(t, set, "rtr01/vyos/config.boot"))
		if want := commandsIn(rendertest.Content(t, set, "rtr01/vyos/commands.txt")); !slices.Equal(got, want) {
			t.Errorf("%s\n got %s\nwant %s", version, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// commandsIn are the commands of a list.
func commandsIn(list string) []string {
	return slices.DeleteFunc(strings.Split(list, "\n"), func(line string) bool { return !strings.HasPrefix(line, "set ") })
}

// TestTrailer: the lines that keep migrations away, as VyOS itself reads them.
func TestTrailer(t *testing.T) {
	form := regexp.MustCompile(`\n// Warning: Do not remove the following line\.\n// vyos-config-version: "(([\w-]+@\d+:)+[\w-]+@\d+)"\n// Release version: \S+\n$`)
	for version, want := range map[string][]string{
		"1.3":     {"firewall@5", "nat@5", "interfaces@23", "system@21", "quagga@8", "zone-policy@1"},
		"1.4":     {"firewall@15", "nat@8", "interfaces@32", "system@27", "dhcp-server@8", "ipsec@13"},
		"1.5":     {"firewall@16", "openvpn@4", "interfaces@33", "dhcp-server@11"},
		"rolling": {"firewall@17", "openvpn@4", "interfaces@33", "dhcp-server@11"},
	} {
		m := form.FindStringSubmatch(trailer(version))
		if m == nil {
			t.Errorf("%s: %q", version, trailer(version))
			continue
		}
		parts := strings.Split(m[1], ":")
		for _, w := range want {
			if !slices.Contains(parts, w) {
				t.Errorf("%s: missing %s in %s", version, w, m[1])
			}
		}
	}
}

// TestUserData: cloud-init hands each item to one regular expression, which has
// to find a path without quotes and a value in them.
func TestUserData(t *testing.T) {
	form := regexp.MustCompile(`^set ([^']+)( '(.*)')?$`)
	topo := inRelease(t, "1.4")
	topo.VM("rtr01").Router.NAT.Source[0].Description = "a: b #c {d} [e] & *f !g |h > i % @j `k` $(l)"
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	text := rendertest.Content(t, set, "rtr01/vyos/user-data")
	var data struct {
		Commands []string `yaml:"vyos_config_commands"`
	}
	if err := yaml.Unmarshal([]byte(text), &data); err != nil || !strings.HasPrefix(text, "#cloud-config\n") {
		t.Fatalf("%v\n%s", err, text)
	}
	if want := commandsIn(rendertest.Content(t, set, "rtr01/vyos/commands.txt")); !slices.Equal(data.Commands, want) {
		t.Errorf("\n got %q\nwant %q", data.Commands, want)
	}
	for _, c := range data.Commands {
		if !form.MatchString(c) {
			t.Errorf("not read: %s", c)
		}
	}
}

// TestOldReleasesHaveNoFile: their files have another end.
func TestOldReleasesHaveNoFile(t *testing.T) {
	set, err := Render(inRelease(t, "1.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		if f.Path == "vyos/config.boot" || f.Path == "vyos/user-data" {
			t.Errorf("%s is rendered", f.TreePath())
		}
	}
}
