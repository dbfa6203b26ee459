package images

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

// fetched is a patch of the reference stack: its Debian image comes from a URL.
func fetched(path, url, digest string) string {
	return "{ images+: { 'debian-12'+: { path: '" + path + "', source: { url: '" + url + "', sha512: '" + digest + "' } } } }"
}

// TestRender: only hosts that need such an image have the step, and what an image is
// comes before the disks that are made of it.
func TestRender(t *testing.T) {
	digest := strings.Repeat("5c", 64)
	topo := rendertest.Variant(t, "nullzero", "{ hosts+: { spare: {} } } + "+fetched("/srv/a.qcow2", "https://images.example.net/a.qcow2", digest))
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Steps) != 1 || set.Steps[0].ID() != "vmm/images" {
		t.Fatalf("steps: %v", set.Steps)
	}
	const want = "\n  \"$1\" /srv/a.qcow2 qcow2 fetch sha512sum 5c5c"
	if script := rendertest.Content(t, set, "vmm/images/images.sh"); !strings.Contains(script, want) {
		t.Errorf("%s\nhas no %s", script, want)
	}
	set, err = Render(rendertest.Variant(t, "nullzero", "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '2GiB', packages: ['tcpdump'] } } } }"))
	if err != nil {
		t.Fatal(err)
	}
	const build = "qcow2 build bookworm 2147483648 tcpdump\n"
	if script := rendertest.Content(t, set, "vmm/images/images.sh"); !strings.Contains(script, build) {
		t.Errorf("%s\nhas no %s", script, build)
	}
	if !slices.Contains(set.Steps[0].Packages, "mmdebstrap") {
		t.Errorf("packages %v", set.Steps[0].Packages)
	}
}

// TestNothing: who brings images himself has no such step.
func TestNothing(t *testing.T) {
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil || len(set.Steps)+len(set.Files) > 0 {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestShellcheck(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	set, err := Render(rendertest.Variant(t, "nullzero",
		"{ images+: { 'debian-12'+: { build: { os: '"+releasetest.Here().Name+"', size: '2GiB' } } } }"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		if out, ok := rendertest.Run(t, "shellcheck", "--norc", rendertest.Write(t, "script.sh", f.Content)); !ok {
			t.Errorf("%s: %s", f.Path, out)
		}
	}
}
