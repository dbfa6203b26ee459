package storage

import (
	"slices"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/diag"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name, patch string
		want        []string // rule and path
	}{
		{"the fixture", `{}`, nil},
		{"the largest disk", `{ vms+: { web01+: { disks+: { vda+: { size: '2048TiB' } } } } }`, nil},
		{"a larger disk", `{ vms+: { web01+: { disks+: { vda+: { size: '2049TiB' } } } } }`,
			[]string{"storage/disk-size /vms/web01/disks/vda/size"}},
		{"a second disk with the name of a VM", `{ vms+: { web01+: { disks+: { vdb: { size: '1GiB' } } }, 'web01-vdb': super.web01 { interfaces: {} } } }`,
			[]string{"storage/path-conflict /vms/web01-vdb/disks/vda"}},
		{"the same in another pool", `{ hosts+: { vmm+: { pools+: { data: { path: '/srv/data' } } } },
			vms+: { web01+: { disks+: { vdb: { size: '1GiB', pool: 'data' } } }, 'web01-vdb': super.web01 { interfaces: {} } } }`, nil},
		{"two pools that are one directory", `{ hosts+: { vmm+: { pools+: { data: { path: '/var/lib/libvirt/images' } } } },
			vms+: { web01+: { disks+: { vdb: { size: '1GiB', pool: 'data' } } }, 'web01-vdb': super.web01 { interfaces: {} } } }`,
			[]string{"storage/path-conflict /vms/web01-vdb/disks/vda"}},
		{"the same on another host", `{ hosts+: { other: super.vmm { bridges: {} } },
			vms+: { web01+: { disks+: { vdb: { size: '1GiB' } } }, 'web01-vdb': super.web01 { host: 'other', interfaces: {} } } }`, nil},
		{"a disk in place of an image", `{ vms+: { 'debian-12': super.web01 { interfaces: {} } } }`,
			[]string{"storage/path-conflict /vms/debian-12/disks/vda"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rules(Check(rendertest.Variant(t, "nullzero", tt.patch))); !slices.Equal(got, tt.want) {
				t.Errorf("Check of %s\n got %q\nwant %q", tt.patch, got, tt.want)
			}
		})
	}
}

func rules(diags diag.List) (out []string) {
	for _, d := range diags {
		out = append(out, d.Rule+" "+d.Path)
	}
	return out
}

func TestArguments(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{
		images+: { raw: { path: '/srv/raw.img', format: 'raw' } },
		vms+: {
			web01+: { disks+: { vdb: { size: '1GiB', image: 'raw', clone: 'overlay' }, vdc: { size: '512KiB' } } },
			db01+: { provision: 'none' },
		},
	}`)
	const images = "/var/lib/libvirt/images/"
	tests := []struct {
		vm   string
		disk int
		want []string
	}{
		{"rtr01", 0, []string{images + "rtr01.qcow2", "10737418240", "rtr01"}},
		{"web01", 0, []string{images + "web01.qcow2", "10737418240", "web01", "copy", images + "debian-12.qcow2", "qcow2", "first-boot"}},
		{"web01", 1, []string{images + "web01-vdb.qcow2", "1073741824", "web01", "overlay", "/srv/raw.img", "raw"}},
		{"web01", 2, []string{images + "web01-vdc.qcow2", "524288", "web01"}},
		{"db01", 0, []string{images + "db01.qcow2", "10737418240", "db01", "copy", images + "debian-12.qcow2", "qcow2"}},
	}
	for _, tt := range tests {
		vm := topo.VM(tt.vm)
		if got := arguments(topo, vm, &vm.Disks[tt.disk]); !slices.Equal(got, tt.want) {
			t.Errorf("arguments of %s %s\n got %q\nwant %q", tt.vm, vm.Disks[tt.disk].Name, got, tt.want)
		}
	}
}
