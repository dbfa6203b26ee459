package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/internal/rendertest"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// feature is something that a router can be asked for. On every platform it is
// rendered, or refused with a finding that says where it is to be had and what
// to do instead. There is no third state.
type feature struct {
	name  string
	given string // Jsonnet laid over the router block before, with and without the feature
	patch string // Jsonnet laid over the router block
	whole string // Jsonnet laid over the whole topology, for what is not in the block
}

// group is a section of the table: the features of one subject, which are in a
// file of their own.
type group struct {
	title    string
	features []feature
}

func groups() []group {
	return []group{
		{"Interfaces and routing", routingFeatures()},
		{"NAT", natFeatures()},
		{"Firewall", firewallFeatures()},
		{"VPN", vpnFeatures()},
		{"Services", serviceFeatures()},
		{"System", systemFeatures()},
	}
}

// platform is a column: a release of VyOS, or Debian.
type platform struct{ name, title, patch string }

func platforms() []platform {
	list := []platform{
		{"vc6.6", "Vyatta Core 6.6", ""}, {"1.1", "VyOS 1.1", ""}, {"1.3", "VyOS 1.3", ""},
		{"1.4", "VyOS 1.4", ""}, {"1.5", "VyOS 1.5", ""}, {"rolling", "VyOS rolling", ""},
	}
	for i := range list {
		list[i].patch = "{ vms+: { rtr01+: { router+: { version: '" + list[i].name + "' } } } }"
	}
	const debian = "{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, router+: { platform: 'debian' } } } }"
	return append(list, platform{"debian", "Debian", debian})
}

// outcome is what comes of a feature on a platform.
type outcome struct {
	refusal  *diag.Diagnostic // nil: it is rendered
	commands string           // of the router, on VyOS
}

// TestGoldenFeatures tries each feature on each platform, and writes the table of
// docs/router.md.
func TestGoldenFeatures(t *testing.T) {
	outcomes := make([][][]outcome, len(groups())) // by group, feature and platform
	for i, g := range groups() {
		outcomes[i] = make([][]outcome, len(g.features))
		for j := range g.features {
			outcomes[i][j] = make([]outcome, len(platforms()))
		}
	}
	t.Run("render", func(t *testing.T) {
		for p, pf := range platforms() {
			t.Run(pf.name, func(t *testing.T) {
				t.Parallel()
				for i, g := range groups() {
					for j, f := range g.features {
						o, err := try(t, pf, f)
						if err != nil {
							t.Error(err)
						}
						outcomes[i][j][p] = o
					}
				}
			})
		}
	})
	for i, g := range groups() {
		for j, f := range g.features {
			helpful(t, f, outcomes[i][j])
		}
	}
	document(t, outcomes)
	t.Run("accept", func(t *testing.T) {
		checker := rendertest.CommandTree(t)
		for p, pf := range platforms() {
			if pf.name != "debian" {
				t.Run(pf.name, func(t *testing.T) { accepted(t, checker, pf.name, p, outcomes) })
			}
		}
	})
}

// try renders a router with and without a feature. The error is the third state.
func try(t *testing.T, p platform, f feature) (o outcome, err error) {
	t.Helper()
	before, diags := routerStack(t, p, f.given, "", "")
	if before == nil || diags.HasErrors() {
		return o, fmt.Errorf("%s: the router is wrong without the feature: %v", f.name, diags)
	}
	topo, diags := routerStack(t, p, f.given, f.patch, f.whole)
	if diags.HasErrors() {
		o.refusal, err = refusal(f, diags)
		return o, err
	}
	old, new := routerContent(t, before), routerContent(t, topo)
	o.commands = new.commands
	if !slices.ContainsFunc(new.all, func(line string) bool { return !slices.Contains(old.all, line) }) {
		return o, fmt.Errorf("%s: neither rendered nor refused", f.name)
	}
	return o, nil
}

// TestThirdState: what is neither rendered nor refused is seen, and so is what is
// refused for another reason.
func TestThirdState(t *testing.T) {
	for _, f := range []feature{
		{name: "nothing", patch: "{}"},
		{name: "a mistake", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.7.7.7' } } }"},
		{name: "a broken router", given: "{ colour: 'red' }", patch: "{ nameServers: ['9.9.9.9'] }"},
	} {
		if o, err := try(t, platforms()[3], f); err == nil {
			t.Errorf("%s passes: %v", f.name, o)
		}
	}
}

// routerStack is the small stack with its router on a platform, and the findings
// of all stages.
func routerStack(t *testing.T, p platform, given, patch, whole string) (*topology.Topology, diag.List) {
	t.Helper()
	base, err := os.ReadFile("../fixtures/edge/router.libsonnet")
	if err != nil {
		t.Fatal(err)
	}
	source := "(import 'router.libsonnet') + " + p.patch
	for _, more := range []string{given, patch} {
		if more != "" {
			source += " + { vms+: { rtr01+: { router+: " + more + " } } }"
		}
	}
	if whole != "" {
		source += " + " + whole
	}
	topo, diags, err := schema.Load(schema.Input{File: "topology.jsonnet", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{
		"router.libsonnet": jsonnet.MakeContentsRaw(base), "topology.jsonnet": jsonnet.MakeContents(source),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if topo != nil {
		diags = append(diags, render.Check(topo)...)
	}
	return topo, diags
}

// refusal is the error among findings.
func refusal(f feature, diags diag.List) (*diag.Diagnostic, error) {
	var first *diag.Diagnostic
	for i, d := range diags {
		if d.Severity != diag.Error {
			continue
		}
		if !strings.Contains(d.Rule, "/unsupported-") && d.Rule != "nftables/extra-commands" {
			return nil, fmt.Errorf("%s: not a refusal: %s: %s (%s)", f.name, d.Path, d.Message, d.Rule)
		}
		if first == nil {
			first = &diags[i]
		}
	}
	return first, nil
}

// content is what a router is told: the lines of its list of commands, or, on
// Debian, of all its files and its domain.
type content struct {
	all      []string
	commands string // on VyOS
}

func routerContent(t *testing.T, topo *topology.Topology) (l content) {
	t.Helper()
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		path := f.TreePath()
		if path == "rtr01/vyos/commands.txt" {
			return content{slices.Collect(strings.Lines(f.Content)), f.Content}
		}
		if strings.HasPrefix(path, "rtr01/") || path == "vmm/libvirt/rtr01.xml" {
			for line := range strings.Lines(f.Content) {
				l.all = append(l.all, path+": "+line)
			}
		}
	}
	return l
}

// helpful wants a refusal to name a platform that renders the feature, where a
// release of VyOS does, and to say what to write instead.
func helpful(t *testing.T, f feature, row []outcome) {
	t.Helper()
	var able []string
	for p, o := range row {
		if o.refusal == nil && platforms()[p].name != "debian" {
			able = append(able, platforms()[p].title)
		}
	}
	for p, o := range row {
		if o.refusal == nil {
			continue
		}
		d := o.refusal
		named := slices.ContainsFunc(able, func(title string) bool { return strings.Contains(d.Message, title) })
		if d.Hint == "" || len(able) > 0 && !named && platforms()[p].name != "debian" {
			t.Errorf("%s on %s: a refusal names a release that can (%q), and an alternative: %s (%s)", f.name, platforms()[p].name, able, d.Message, d.Hint)
		}
	}
}

// accepted asks the command tree of a release about all features at once.
func accepted(t *testing.T, checker, version string, p int, outcomes [][][]outcome) {
	dir := t.TempDir()
	var files []string
	for i, g := range groups() {
		for j := range g.features {
			if o := outcomes[i][j][p]; o.refusal == nil {
				file := filepath.Join(dir, fmt.Sprintf("%s: %d", g.title, j))
				if err := os.WriteFile(file, []byte(rendertest.Filled(o.commands)), 0o600); err != nil {
					t.Fatal(err)
				}
				files = append(files, file)
			}
		}
	}
	if objections, ok := rendertest.Accepted(t, checker, version, files...); !ok {
		t.Errorf("refused; files are numbered as their features in the group, from 0:\n%s", strings.Join(objections, "\n"))
	}
}
