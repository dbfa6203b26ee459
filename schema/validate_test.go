package schema

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"gopkg.in/yaml.v3"
)

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
