package libvirt

import (
	"slices"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/diag"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name, patch string   // of the VM web01
		want        []string // severity, rule and path below /vms/web01
	}{
		{"nothing", `{}`, nil},
		{"odd memory", `{ memory: '1000KiB' }`, []string{"error libvirt/memory-unit /memory"}},
		{"even memory", `{ memory: '1024KiB' }`, nil},
		{"too many processors", `{ vcpus: 256 }`, []string{"error libvirt/vcpus /vcpus"}},
		{"many processors", `{ vcpus: 255 }`, nil},
		{"open display", `{ graphics+: { listen: '0.0.0.0' } }`, []string{"warning libvirt/open-display /graphics/listen"}},
		{"display on IPv6 loopback", `{ graphics+: { listen: '::1' } }`, nil},
		{"character outside XML", `{ description: 'a\uFFFEb', boot: { kernel: '/k', cmdline: '\uFFFF' } }`,
			[]string{"error libvirt/character /description", "error libvirt/character /boot/cmdline"}},
		{"odd but lawful text", `{ description: ']]> --> \uFFFD', boot: { kernel: '/k', cmdline: '<&>' } }`, nil},
		{"extra elements", `{ libvirt: { extraXML: '<sound model="ich9"/>' } }`, []string{"warning libvirt/unchecked-xml /libvirt/extraXML"}},
		{"broken extra elements", `{ libvirt: { extraXML: '<sound model="ich9">' } }`, []string{"error libvirt/extra-xml /libvirt/extraXML"}},
		{"no extra elements", `{ libvirt: { extraXML: '' } }`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := rules(Check(rendertest.Variant(t, "nullzero", "{ vms+: { web01+: "+tt.patch+" } }")), "/vms/web01")
			if !slices.Equal(got, tt.want) {
				t.Errorf("Check of %s\n got %q\nwant %q", tt.patch, got, tt.want)
			}
		})
	}
}

func rules(diags diag.List, below string) (out []string) {
	for _, d := range diags {
		out = append(out, d.Severity.String()+" "+d.Rule+" "+d.Path[len(below):])
	}
	return out
}
