package render_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/internal/rendertest"
	"stackgen/render/vyos"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/rules"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// This is the law for routers: whatever passes our checks is rendered as lines
// that the command tree of its release accepts. Routers are made by chance, the
// same ones every time.
//
// A new subject joins with a file random_SUBJECT_test.go and its function in
// subjects. The function adds to the router block of a stack what a user might
// write, by the roll of the dice; most of it should pass the checks. Where a
// release cannot say something, the finding about it is the end of that router
// and another one is made: a feature that old releases lack has a small chance.

// subjects add to a router, interfaces at first, for the others to use, and the
// firewall at last: its zones have all of them.
func subjects() []func(dice, *stack) {
	return []func(dice, *stack){
		randomInterfaces, randomNAT, randomRoutes, randomProtocols, randomLinks, randomVRRP,
		randomOpenVPN, randomTunnels, randomServices, randomSystem, randomFirewall,
	}
}

// dice decide.
type dice struct{ *rand.Rand }

// chance is true in so many of a hundred cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// one is one of some values.
func one[T any](d dice, values ...T) T { return values[d.IntN(len(values))] }

// some are a few of some values, at least one, in their order.
func some[T any](d dice, values ...T) []T {
	few := slices.DeleteFunc(slices.Clone(values), func(T) bool { return d.chance(50) })
	if len(few) == 0 {
		return values[:1]
	}
	return few
}

// text is a description, with whatever shells and configuration files find
// special and VyOS can store.
func (d dice) text() string {
	words := []string{"web", "$(id)", "#", ";", "a=b", "{", "}", "//", "/*", "&", "|", "*", "!", "Größe", "100 %", "<b>", "@", "`", "~"}
	return strings.Join(some(d, words[d.IntN(len(words)):]...), " ")
}

// address is one of the documentation networks or of our own, without its ends.
func (d dice) address() string {
	return one(d, "198.51.100.", "203.0.113.", "10.7.7.") + fmt.Sprint(1+d.IntN(254))
}

// prefix is a network that no interface is on.
func (d dice) prefix() string {
	return one(d, "198.51.100.0/24", "203.0.113.128/25", "10.9.0.0/16", "172.20.0.0/14", "100.64.0.0/10")
}

func (d dice) port() int { return 1 + d.IntN(65535) }

// ports is a port, a range or a list.
func (d dice) ports() any {
	low := 1 + d.IntN(60000)
	return one[any](d, low, fmt.Sprintf("%d-%d", low, low+d.IntN(5000)), fmt.Sprintf("%d,%d,%d-%d", low, low+1, low+3, low+3+d.IntN(1000)))
}

// stack is a topology in the making: a JSON document, and its parts that
// subjects add to.
type stack struct {
	version    string
	document   map[string]any
	router     map[string]any
	interfaces []string // of the router
	networks   []string // behind it
	vms        []string // on those
}

// block is an object within another, made if it is not there.
func block(o map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		if o[k] == nil {
			o[k] = map[string]any{}
		}
		o = o[k].(map[string]any)
	}
	return o
}

// object is a JSON object.
type object = map[string]any

// newStack is the bare router of fixtures/edge with more networks and machines.
func newStack(t *testing.T, base []byte, version string, more int) *stack {
	t.Helper()
	s := &stack{version: version, interfaces: []string{"eth0", "eth1"}, networks: []string{"lan"}, vms: []string{"web01"}}
	if err := json.Unmarshal(base, &s.document); err != nil {
		t.Fatal(err)
	}
	s.router = block(s.document, "vms", "rtr01", "router")
	s.router["version"] = version
	for i := range more {
		s.grow(i + 2)
	}
	return s
}

// randomStack is a stack that most subjects have added to.
func randomStack(t *testing.T, base []byte, version string, seed uint64) *stack {
	t.Helper()
	d := dice{rand.New(rand.NewPCG(seed, 5))}
	s := newStack(t, base, version, d.IntN(4))
	for _, add := range subjects() {
		if d.chance(70) {
			add(d, s)
		}
	}
	return s
}

// grow adds a network, and a machine on it.
func (s *stack) grow(i int) {
	network, subnet, vm, iface := fmt.Sprintf("net%d", i), fmt.Sprintf("10.0.%d.", i), fmt.Sprintf("vm%d", i), fmt.Sprintf("eth%d", i)
	block(s.document, "networks")[network] = object{"bridge": "br-lan", "vlan": i, "subnet": subnet + "0/24", "gateway": subnet + "1"}
	block(s.document, "vms", "rtr01", "interfaces")[iface] = object{"network": network, "address": subnet + "1"}
	block(s.document, "vms")[vm] = object{
		"host": "vmm", "memory": "1GiB", "vcpus": 1, "os": "debian-12",
		"disks":      object{"vda": object{"size": "10GiB", "image": "debian-12"}},
		"interfaces": object{"eth0": object{"network": network, "address": subnet + "3"}},
	}
	s.interfaces, s.networks, s.vms = append(s.interfaces, iface), append(s.networks, network), append(s.vms, vm)
}

// checked is the topology of a stack, or the errors that there are. One that a
// policy could lower is none: a stack by chance makes little sense.
func (s *stack) checked(t *testing.T) (topo *topology.Topology, errors diag.List, text []byte) {
	t.Helper()
	text, err := json.Marshal(s.document)
	if err != nil {
		t.Fatal(err)
	}
	in := schema.Input{File: "topology.json", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{
		"topology.json": jsonnet.MakeContentsRaw(text),
	}}}
	topo, diags, err := schema.Load(in)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if errors = firm(diags); len(errors) > 0 {
		return nil, errors, text
	}
	if topo == nil {
		if topo, _, err = schema.Model(in); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	}
	return topo, firm(render.Check(topo)), text
}

// firm are the errors that no policy lowers.
func firm(diags diag.List) diag.List {
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool { return d.Severity != diag.Error || !rules.IsFirm(d.Rule) })
}

// routersByChance are how many routers of a release are made.
func routersByChance() int {
	if os.Getenv("STACKGEN_NIGHTLY") == "1" {
		return 2000
	}
	return 100
}

// attempts are how many routers may be made for one that passes the checks.
const attempts = 20

// TestRandomRouters makes routers by chance, and asks the command tree of their
// release about those that pass our checks.
func TestRandomRouters(t *testing.T) {
	checker := rendertest.CommandTree(t)
	base := bareRouter(t)
	for i, p := range platforms() {
		if p.name != "debian" {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				randomRouters(t, checker, base, p.name, uint64(i)<<32)
			})
		}
	}
}

// batch is how many files are checked at once: an argument list has an end.
const batch = 250

func randomRouters(t *testing.T, checker, base, version string, seed uint64) {
	dir, want := t.TempDir(), routersByChance()
	refused := map[string]int{}
	var files []string
	for try := range want * attempts {
		s := randomStack(t, []byte(base), version, seed+uint64(try))
		topo, errors, text := s.checked(t)
		if len(errors) > 0 {
			refused[errors[0].Rule]++
			continue
		}
		files = append(files, randomCommands(t, dir, len(files), topo, text))
		if len(files) == want {
			break
		}
	}
	t.Logf("%d routers; refused: %v", len(files), refused)
	if len(files) < want {
		t.Errorf("%d of %d routers pass the checks, which is too few; refused are\n%v", len(files), want*attempts, refused)
	}
	for some := range slices.Chunk(files, batch) {
		if objections, ok := rendertest.Accepted(t, checker, version, some...); !ok {
			t.Errorf("refused:\n%s", explained(objections))
		}
	}
}

// randomCommands writes the commands of a router, and beside them the topology.
func randomCommands(t *testing.T, dir string, i int, topo *topology.Topology, text []byte) (file string) {
	t.Helper()
	set, err := vyos.Render(topo)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	file = filepath.Join(dir, fmt.Sprintf("%04d", i))
	for name, content := range map[string]string{file: rendertest.Filled(rendertest.Content(t, set, "rtr01/vyos/commands.txt")), file + ".json": string(text)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

// explained adds to the first few objections the command that each is about, and
// the topology of the first.
func explained(objections []string) string {
	var lines []string
	for i, o := range objections[:min(len(objections), 20)] {
		file, rest, _ := strings.Cut(o, ":")
		number, _, _ := strings.Cut(rest, ":")
		if content, err := os.ReadFile(file); err == nil {
			var n int
			fmt.Sscan(number, &n)
			if all := strings.Split(string(content), "\n"); n > 0 && n <= len(all) {
				o += "\n    " + all[n-1]
			}
		}
		if topology, err := os.ReadFile(file + ".json"); err == nil && i == 0 {
			o += "\n" + string(topology)
		}
		lines = append(lines, o)
	}
	return strings.Join(lines, "\n")
}

// bareRouter is the stack of fixtures/edge/router.libsonnet as JSON.
func bareRouter(t *testing.T) string {
	t.Helper()
	base, err := os.ReadFile("../fixtures/edge/router.libsonnet")
	if err != nil {
		t.Fatal(err)
	}
	doc, diags, err := schema.Evaluate(schema.Input{File: "topology.jsonnet", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{
		"topology.jsonnet": jsonnet.MakeContentsRaw(base),
	}}})
	if err != nil || diags.HasErrors() {
		t.Fatal(diags, err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestRandomIsTheSame: a seed is a stack, and another seed is another one.
func TestRandomIsTheSame(t *testing.T) {
	base := []byte(bareRouter(t))
	texts := map[string]bool{}
	for _, seed := range []uint64{1, 1, 2} {
		_, _, text := randomStack(t, base, "1.4", seed).checked(t)
		texts[string(text)] = true
	}
	if len(texts) != 2 {
		t.Errorf("two seeds give %d stacks: %q", len(texts), slices.Collect(maps.Keys(texts)))
	}
}
