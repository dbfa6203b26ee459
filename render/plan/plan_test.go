package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// sample is what renderers might hand over: a file that is installed, one with a
// secret that is only read, and a step for each.
func sample() artifact.Set {
	password := artifact.Secret{Name: "db01/user", Encoding: artifact.SQL}
	return artifact.Set{
		Files: []artifact.File{
			{Machine: "lb01", Path: "etc/varnish/default.vcl", Content: "vcl 4.1;\n", Step: "varnish", Install: artifact.At("etc/varnish/default.vcl")},
			{Machine: "db01", Path: "sql/users.sql", Content: "IDENTIFIED BY '" + password.PlaceHolder() + "'\n", Step: "mariadb", Secrets: []artifact.Secret{password}},
		},
		Steps: []artifact.Step{
			{Machine: "lb01", Name: "varnish", Phase: artifact.Cache, Summary: "cache", Packages: []string{"varnish"}, Apply: []string{"systemctl reload varnish"}},
			{Machine: "db01", Name: "mariadb", Phase: artifact.Database, Summary: "database", Packages: []string{"mariadb-server"}, Apply: []string{"mariadb <sql/users.sql"}},
		},
	}
}

// complete is the whole tree of the reference stack with the sample's steps.
func complete(t testing.TB) artifact.Set {
	t.Helper()
	return artifact.Set{Files: files(t, rendertest.Topology(t, "nullzero"))}
}

func files(t testing.TB, topo *topology.Topology) []artifact.File {
	t.Helper()
	return filesOf(t, topo, sample())
}

func filesOf(t testing.TB, topo *topology.Topology, sets ...artifact.Set) []artifact.File {
	t.Helper()
	set, err := Order(topo, sets...)
	if err != nil {
		t.Fatal(err)
	}
	script, err := Script(topo, set)
	if err != nil {
		t.Fatal(err)
	}
	config, err := SSHConfig(topo, set)
	if err != nil {
		t.Fatal(err)
	}
	set.Files = append(append(set.Files, script, config), Runtime()...)
	set.Sort()
	return append(set.Files, ManifestOf(topo, set.Files, digests(set.Files)))
}

func digests(files []artifact.File) (all []Digest) {
	for _, f := range files {
		all = append(all, NewDigester().Of(f.Content))
	}
	return all
}

// tree writes the sample's tree for a topology into a new directory.
func tree(t testing.TB, topo *topology.Topology) string {
	t.Helper()
	return treeOf(t, files(t, topo))
}

func treeOf(t testing.TB, files []artifact.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f.TreePath())
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), os.FileMode(f.TreeMode())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPackages(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", "{ vms+: { lb01+: { packages: ['tcpdump'] } } }")
	set := packages(topo, sample(), artifact.Set{Steps: []artifact.Step{{Machine: "lb01", Name: "other", Packages: []string{"curl", "varnish"}}}})
	want := "# " + artifact.Header + "\ncurl\ntcpdump\nvarnish\n"
	if got := rendertest.Content(t, set, "lb01/"+packageList); got != want {
		t.Errorf("packages of lb01\n got %q\nwant %q", got, want)
	}
	for _, s := range set.Steps {
		if s.Phase != artifact.Guest {
			t.Errorf("%s is in phase %d, want that of the guests", s.ID(), s.Phase)
		}
	}
}

func TestEndToEnd(t *testing.T) {
	tests := []struct{ name, patch, want string }{
		{"through the cache", "{}", "visit app.nullzero.me 46.4.71.77 80"},
		{"another port outside", "{ vms+: { rtr01+: { router+: { nat+: { destination: { '10': { inboundInterface: 'eth0', protocol: 'tcp', port: 8080, translation: { vm: 'lb01', port: 80 } } } } } } } }",
			"visit app.nullzero.me 46.4.71.77 8080"},
		{"a port that is no site", "{ vms+: { rtr01+: { router+: { nat+: { destination: { '10': { inboundInterface: 'eth0', protocol: 'tcp', port: 22, translation: { vm: 'lb01', port: 22 } } } } } } } }", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			for _, s := range endToEnd(rendertest.Variant(t, "nullzero", tt.patch)).Steps {
				got += strings.Join(s.Verify, "\n")
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
