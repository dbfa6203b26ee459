package schema

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"gopkg.in/yaml.v3"
)

func TestNearest(t *testing.T) {
	tests := []struct {
		word       string
		candidates []string
		want       string
	}{
		{"memroy", []string{"memory", "vcpus"}, "memory"},
		{"Memory", []string{"memory"}, "memory"},
		{"lan", []string{"dmz", "lam", "wan"}, "lam"},
		{"x", []string{"abc"}, ""},
		{"web", []string{"database"}, ""},
		{"", []string{"a", ""}, ""},
		{"vlans", nil, ""},
		{"adress", []string{"address"}, "address"},
	}
	for _, tt := range tests {
		if got := nearest(tt.word, tt.candidates); got != tt.want {
			t.Errorf("nearest(%q, %q) is %q, want %q", tt.word, tt.candidates, got, tt.want)
		}
	}
}

func TestRepaired(t *testing.T) {
	c, err := topologies.parse()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ def, text, want string }{
		{"size", "4GB", "4GiB"},
		{"size", "4 gib", "4GiB"},
		{"size", "512m", "512MiB"},
		{"size", "4", ""},
		{"size", "lots", ""},
		{"duration", "5 seconds", "5s"},
		{"duration", "10min", "10m"},
		{"duration", "500 ms", "500ms"},
		{"mac", "52-54-00-AB-CD-EF", "52:54:00:ab:cd:ef"},
		{"mac", "01:00:5e:00:00:01", ""},
		{"cidr", "10.0.1.1/24", "10.0.1.0/24"},
		{"cidr", "10.0.1.1/33", ""},
		{"ip", "10.0.1.3/24", "10.0.1.3"},
		{"ip", " 10.0.1.3 ", "10.0.1.3"},
		{"machineName", "Web_01", "web-01"},
		{"uuid", "6F1C1B7E-5B0F-4A53-9D0E-0C4F3C1D7A11", "6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11"},
		{"columnType", "varchar(20)", "VARCHAR(20)"},
		{"machineName", "a;b", ""},
	}
	for _, tt := range tests {
		def := lookup(c.raw, []string{"$defs", tt.def}).(map[string]any)
		if got := repaired(def, tt.text); got != tt.want {
			t.Errorf("%s: repaired(%q) is %q, want %q", tt.def, tt.text, got, tt.want)
		}
	}
}

// TestOverlapsFindsAll compares the sweep with looking at each pair.
func TestOverlapsFindsAll(t *testing.T) {
	subnets := func(list ...string) (out []subnet) {
		for _, s := range list {
			out = append(out, subnet{"/networks/" + diag.Path(s)[1:], netip.MustParsePrefix(s)})
		}
		return out
	}
	for _, tt := range [][]subnet{
		subnets("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.1.0.0/16", "11.0.0.0/8"),
		subnets("0.0.0.0/0", "10.0.0.0/8", "::/0", "fd00::/8", "fd00::/64"),
		subnets("10.0.0.0/24", "10.0.0.0/24", "10.0.0.0/24"),
		subnets("10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24"),
	} {
		want := 0
		for i, s := range tt {
			if slices.ContainsFunc(tt[:i], func(o subnet) bool { return o.prefix.Overlaps(s.prefix) }) ||
				slices.ContainsFunc(tt[i+1:], func(o subnet) bool { return o.prefix.Overlaps(s.prefix) && o.prefix.Bits() < s.prefix.Bits() }) {
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

// TestSecretsAreNotShown gives each place of a secret, and each key that sounds
// like one, a value that must not be in any finding.
func TestSecretsAreNotShown(t *testing.T) {
	const value = `hunter2\n'"` // refused everywhere
	for _, patch := range []string{
		`{ vms+: { db01+: { mariadb+: { users+: { user+: { password: VALUE } } } } } }`,
		`{ vms+: { db01+: { mariadb+: { users+: { user+: { password: { secret: VALUE } } } } } } }`,
		`{ vms+: { db01+: { mariadb+: { users+: { user+: { password: { sekret: VALUE } } } } } } }`,
		`{ vms+: { web01+: { php+: { env+: { DB_PASSWORD: VALUE } } } } }`,
		`{ vms+: { web01+: { php+: { env+: { API_TOKEN: [VALUE] } } } } }`,
		`{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { tls+: { key: VALUE } } } } } } }`,
	} {
		_, diags := patched(t, strings.ReplaceAll(patch, "VALUE", `"hunter2\n'\""`))
		if len(diags) == 0 {
			t.Errorf("%s: nothing is found", patch)
		}
		for _, d := range diags {
			if strings.Contains(d.Message+d.Hint, "hunter2") {
				t.Errorf("%s: %q %q shows %q", patch, d.Message, d.Hint, value)
			}
		}
	}
}

// TestInputParity writes the reference stack, whole and with mistakes, as JSON
// and as YAML: what is found is the same.
func TestInputParity(t *testing.T) {
	for _, patch := range []string{
		`{}`,
		`{ vms+: { web01+: { memroy: 1, vcpus: 'x' } }, networks+: { lan+: { subnet: '10.0.1.1/24' } } }`,
		`{ vms+: { web01+: { interfaces+: { eth0+: { address: '10.0.2.3' } } }, lb01+: { host: 'vnm' } } }`,
		`{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '5': { action: 'accept', source: { port: 53 } } } } } } } } } }`,
	} {
		doc, want := patched(t, patch)
		for _, file := range []struct {
			name  string
			write func(any) ([]byte, error)
		}{{"a.json", json.Marshal}, {"a.yaml", yaml.Marshal}, {"a.yml", yaml.Marshal}} {
			text, err := file.write(doc)
			if err != nil {
				t.Fatal(err)
			}
			got := inMemory(t, file.name, string(text))
			if !reflect.DeepEqual(withoutPositions(got), withoutPositions(want)) {
				t.Errorf("%s of %s:\n got %s\nwant %s", file.name, patch, rulesOf(got), rulesOf(want))
			}
		}
	}
}

// inMemory is what is found in a file that is not on disk.
func inMemory(t *testing.T, name, text string) diag.List {
	t.Helper()
	_, diags := loaded(t, Input{File: name, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{name: jsonnet.MakeContents(text)}}})
	return diags
}

func withoutPositions(diags diag.List) diag.List {
	plain := slices.Clone(diags)
	for i := range plain {
		plain[i].Pos = diag.Pos{}
		plain[i].Related = slices.Clone(plain[i].Related)
		for j := range plain[i].Related {
			plain[i].Related[j].Pos = diag.Pos{}
		}
	}
	return plain
}

// TestEmptyKey: an empty name is refused as such; the validator loses it.
func TestEmptyKey(t *testing.T) {
	for program, want := range map[string]string{
		"{ apiVersion: 'stackgen/v1', name: 'lab', networks: {}, hosts: { '': {} }, vms: {} }":                                `p:1:66: key "" is not a machine name (schema/key)`,
		"{ apiVersion: 'stackgen/v1', name: 'lab', networks: {}, hosts: { vmm: { bridges: { lan: {}, '': {} } } }, vms: {} }": `p:1:93: key "" is not an interface name (schema/key)`,
	} {
		in := Input{File: "p", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}}
		_, diags, err := Load(in)
		if err != nil || len(diags) != 1 {
			t.Fatalf("%s: %v, %v", program, diags, err)
		}
		Locate(in, diags)
		if got := diags[0].Pos.String() + ": " + diags[0].Message + " (" + diags[0].Rule + ")"; got != want {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
}
