package schema

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"stackgen/schema/internal/evaluate"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// inFiles are sources in memory.
func inFiles(text map[string]string) jsonnet.Importer {
	m := &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{}}
	for name, t := range text {
		m.Data[name] = jsonnet.MakeContents(t)
	}
	return m
}

// fleet is a topology of n guests, with more in the braces of each.
func fleet(n int, more string) string {
	return fmt.Sprintf(`
		local stack = import 'stackgen.libsonnet';
		local n = %d;
		{
			apiVersion: 'stackgen/v1',
			name: 'fleet',
			networks: { lan: { bridge: 'sw-lan', subnet: '10.0.0.0/16', gateway: '10.0.0.1' } },
			hosts: { vmm: { bridges: { 'sw-lan': {} } } },
			images: { 'debian-12': { path: '/var/lib/libvirt/images/debian-12.qcow2', format: 'qcow2' } },
			vms: {
				['web%%05d' %% i]: stack.guest('vmm', 'debian-12') {
					interfaces: { eth0: { network: 'lan', address: stack.cidrHost('10.0.0.0/16', i + 10) } },
					description: 'one of %%d' %% std.length($.vms),
					%s
				}
				for i in std.range(1, n)
			},
		}`, n, more)
}

// TestSlicedEqualsPlain: the slices give the model and the findings of the
// plain way, whether a topology is right or wrong anywhere.
func TestSlicedEqualsPlain(t *testing.T) {
	const n = 519
	for _, more := range []string{
		"",
		"}, two00001: { host: 'vmm', memory: '1GiB', interfaces: { eth0: { network: 'lan', adress: '10.0.9.9' } },",
		"vcpus: if i == 300 then 'many' else 1,",
		"memory: if i == 300 then error 'boom' else '1GiB',",
		"[if i == 300 then 'memroy']: '1GiB',",
		"[if i == 300 then 'vcpus']: 0, host: if i == 301 then 'vnm' else 'vmm',",
		"host: if i == 301 then 'vnm' else 'vmm',",
		"nginx: if i % 100 == 7 then { sites: { app: { serverName: 'a%d.example.net' % i, root: '/srv/www' } } } else {},",
	} {
		if got, want := all(t, fleet(n, more), false), all(t, fleet(n, more), true); got != want {
			t.Errorf("with %q in each machine: sliced and plain differ\n got %.2000s\nwant %.2000s", more, got, want)
		}
	}
}

// TestSlicedFindings: what the schema says is said once, in the same words, whether it
// is about all machines, about one, or about something else.
func TestSlicedFindings(t *testing.T) {
	for _, mistake := range []string{
		"{ name: 'No Name' }", "{ name: 7 }", "{ name:: super.name }", "{ apiVersion: 'v0' }", "{ networks: 7 }", "{ hosts: {} }", "{ vmms: {} }",
		"{ hosts+: { vmm+: { prots: [] } }, vms+: { web00100+: { vcpu: 1 }, web00101+: { memory: 'much' } } }",
		"{ name: 'No Name', vms+: { web00100+: { vcpu: 1 } } }",
		"{ vms+: { web00100: 7 } }", "{ vms+: { web00100: null, web00101: {} } }", "{ vms+: { 'No Name': super.web00100 } }",
		"{ vms+: { web00100+: { description: '@@' + 'secret:x@@' } } }",
		"{ vms+: { web00100+: { vcpu: error 'boom' }, web00101+: { vcpu: 1 } } }",
		"{ vms: [] }", "{ vms: 7 }", "{ vms:: super.vms }",
	} {
		text := fleet(sliceFrom+10, "") + " + " + mistake
		if got, want := all(t, text, false), all(t, text, true); got != want {
			t.Errorf("with %s sliced and plain differ\n got %.2000s\nwant %.2000s", mistake, got, want)
		}
	}
}

// TestSlicedErrors: an error of a program has the same words, place and trace, wherever
// in a large topology it is, and it is the first of several.
func TestSlicedErrors(t *testing.T) {
	for _, value := range []string{
		"error 'boom'", "error {}", "1 / 0", "'%d' % 'x'", "'%s %s' % 1", "'%d' % std.pow(2, 60)", "'%(a)s' % {}", "std.parseInt('x')", "std.extVar('none')",
		"(import 'none.libsonnet')", "(import 'broken.libsonnet')", "(importstr 'none')", "local f(x) = f(x) + 1; f(1)", "local f(x) = error 'in f: ' + x; f(i)",
		"super.none", "$.vms.none", "self.none.deeper", "{}.a", "[1][2]", "shared", "function(x) x", "[1, error 'in a list']", "[[], { a: [error 'deep'] }]",
		"{ assert false : 'an assert', a: 1 }", "{ assert self.a == 2, a: 1 }", "{ [error 'a name']: 1 }", "std.map(function(x) error 'mapped', [1])[0]",
		"std.foldl(function(a, b) a + b.c, [1], 0)", "stack.cidrHost('10.0.0.0/8', -1)", "stack.cidrHost('none', 1)", "std.format('%d', 'x')", "local a = a; a",
		"std.sort([1, 'x'])", "'a' < 1", "{} + 1", "if 1 then 2", "!1", "std.native('none')(1)", "stack.guest()", "stack.guest(1, 2, 3, 4, 5, 6)",
	} {
		checkError(t, value, "memory: if i == 80 then %s else '1GiB',")
	}
	checkError(t, "error 'one of many'", "memory: if i >= 30 then %s else '1GiB',")
	checkError(t, "error 'deeper'", "nginx: if i == 80 then { sites: { app: %s } } else {},")
}

func checkError(t *testing.T, value, place string) {
	t.Helper()
	text := "local shared = std.length(error 'shared'); " + fleet(sliceFrom, strings.ReplaceAll(place, "%s", value))
	if got, want := all(t, text, false), all(t, text, true); got != want {
		t.Errorf("with %s in %s sliced and plain differ\n got %.1000s\nwant %.1000s", value, place, got, want)
	}
}

// all is all that comes of a program, as text.
func all(t *testing.T, program string, plain bool) string {
	t.Helper()
	topo, diags, err := Load(Input{File: "p", Plain: plain, Importer: inFiles(map[string]string{"p": program, "broken.libsonnet": "{ a: }"})})
	text, jsonErr := json.Marshal(topo)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	return fmt.Sprintf("%s\n%+v\n%v", text, diags, err)
}

// TestSlicedIsTaken sees that a large topology does go through the slices.
func TestSlicedIsTaken(t *testing.T) {
	for _, tt := range []struct {
		n    int
		want bool
	}{{sliceFrom - 1, false}, {sliceFrom, true}, {300, true}} {
		files := map[string]jsonnet.Contents{"p": jsonnet.MakeContents(fleet(tt.n, ""))}
		in := Input{File: "p", Importer: &jsonnet.MemoryImporter{Data: files}}
		l, _, got := loadSliced(in, evaluate.NewFastVM(in))
		if got != tt.want {
			t.Fatalf("%d machines: sliced %t, want %t", tt.n, got, tt.want)
		}
		if !got {
			continue
		}
		topo := l.topo
		if len(topo.VMs) != tt.n || !slices.IsSortedFunc(topo.VMs, func(a, b topology.VM) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("%d machines: got %d, or out of order", tt.n, len(topo.VMs))
		}
	}
}

// TestSlicesOfManyProcessors: each VM evaluates all names and promises of machines
// again, so that there may not be one for each of many processors.
func TestSlicesOfManyProcessors(t *testing.T) {
	const n = 3000
	allocated := func(processors int) uint64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		files := map[string]jsonnet.Contents{"p": jsonnet.MakeContents(fleet(n, ""))}
		in := Input{File: "p", Importer: &jsonnet.MemoryImporter{Data: files}}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, _, ok := loadSliced(in, evaluate.NewFastVM(in)); !ok {
			t.Fatal("it is not sliced")
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	few, many := allocated(mostVMs), allocated(8*mostVMs)
	t.Logf("%d MB, then %d MB", few>>20, many>>20)
	if many > few*11/10 {
		t.Errorf("eight times the processors make %d bytes of %d", many, few)
	}
}

// TestProgress counts the machines of a large topology, and says nothing of a
// small one.
func TestProgress(t *testing.T) {
	for _, tt := range []struct{ n, reports int }{{sliceFrom - 1, 0}, {sliceFrom, 4}, {300, 13}} {
		var mu sync.Mutex
		reports, most := 0, 0
		_, diags, err := Load(Input{File: "p", Progress: func(done, of int) {
			mu.Lock()
			defer mu.Unlock()
			if reports++; of != tt.n || done > of {
				t.Errorf("%d of %d, want of %d", done, of, tt.n)
			}
			most = max(most, done)
		}, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(fleet(tt.n, ""))}}})
		if err != nil || diags.HasErrors() {
			t.Fatal(err, diags)
		}
		if reports != tt.reports || reports > 0 && most != tt.n {
			t.Errorf("%d machines: %d reports, the last of %d; want %d", tt.n, reports, most, tt.reports)
		}
	}
}
