package schema

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// thousand is a topology of many machines, and what they are given besides.
func thousand(besides string) Input {
	text := `local stack = import 'stackgen.libsonnet';
local guest(i) = stack.guest('vmm', 'debian-12') {
  vcpus: 2,
  interfaces: { eth0: { network: 'lan', address: stack.cidrHost('10.0.0.0/16', i + 10) } },
  nginx: { sites: { app: { listen: 80, serverName: 'app%d.example.net' % i, root: '/srv/www' } } },` + besides + `
};
{
  apiVersion: 'stackgen/v1', name: 'lab',
  networks: { lan: { bridge: 'lan0', subnet: '10.0.0.0/16', gateway: '10.0.0.1' } },
  hosts: { vmm: { os: 'debian-12', bridges: { lan0: {} }, pools: { default: { path: '/var/lib/libvirt/images' } } } },
  images: { 'debian-12': { path: '/var/lib/libvirt/images/debian-12.qcow2', format: 'qcow2' } },
  vms: stack.fleet('web', 1000, guest),
}`
	return Input{File: "t.jsonnet", Importer: inFiles(map[string]string{"t.jsonnet": text})}
}

// forbidden is an importer that is not to be asked.
type forbidden struct{ t *testing.T }

func (f forbidden) Import(from, name string) (jsonnet.Contents, string, error) {
	f.t.Errorf("%s is read", name)
	return jsonnet.Contents{}, "", fmt.Errorf("no %s", name)
}

func TestPositionsCostNothingWithoutFindings(t *testing.T) {
	Locate(Input{File: "t.jsonnet", Importer: forbidden{t}}, nil)
	Locate(Input{File: "t.yaml", Importer: forbidden{t}}, diag.List{})
}

// A finding for each of a thousand machines, all of them in one place.
func TestThousandFindings(t *testing.T) {
	in := thousand(" memroy: '4GiB'")
	_, diags, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	Locate(in, diags)
	if len(diags) != 1000 {
		t.Fatalf("%d findings", len(diags))
	}
	for _, d := range diags {
		if d.Pos != diags[0].Pos || d.Pos.Computed || d.Pos.Line != 5 {
			t.Fatalf("%s is at %v", d.Path, d.Pos)
		}
	}
}

// TestPlaceOfOneOfManyIsCheap: to find where one machine of a thousand is written takes
// no more than to evaluate all of them did. The interpreter's % alone takes ten times
// as much. Others after it are found with what is known by then.
func TestPlaceOfOneOfManyIsCheap(t *testing.T) {
	in := Input{File: "p", Importer: inFiles(map[string]string{"p": fleet(1000, "[if i == 500 then 'vcpu']: 2,")})}
	_, found, err := Load(in)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d findings, %v", len(found), err)
	}
	load := testing.AllocsPerRun(1, func() { Load(in) })
	locate := testing.AllocsPerRun(1, func() { Locate(in, diag.List{{Path: found[0].Path, OnKey: true}}) })
	var many diag.List
	for i := range 500 {
		many = append(many, diag.Diagnostic{Path: fmt.Sprintf("/vms/web%05d/memory", i+1)})
	}
	locateMany := testing.AllocsPerRun(1, func() { Locate(in, slices.Clone(many)) })
	t.Logf("%.0f allocations to load it, %.0f to locate one, %.0f to locate %d", load, locate, locateMany, len(many))
	if locate > load || locateMany > 30*locate {
		t.Errorf("%.0f allocations to load it, %.0f to locate one, %.0f to locate %d", load, locate, locateMany, len(many))
	}
}

// BenchmarkLocate gives the time of a load with positions as a multiple of that
// of a load alone.
func BenchmarkLocate(b *testing.B) {
	for _, bench := range []struct{ name, besides string }{
		{"without a finding", ""},
		{"thousand findings", " memroy: '4GiB'"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			in := thousand(bench.besides)
			var load, locate time.Duration
			for b.Loop() {
				begin := time.Now()
				_, diags, err := Load(in)
				if err != nil {
					b.Fatal(err)
				}
				between := time.Now()
				Locate(in, diags)
				load, locate = load+between.Sub(begin), locate+time.Since(between)
			}
			b.ReportMetric(float64(load+locate)/float64(load), "ratio")
		})
	}
}
