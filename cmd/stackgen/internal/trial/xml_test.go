package trial

import (
	"slices"
	"testing"
)

func TestValuesAt(t *testing.T) {
	const text = `<?xml version="1.0"?>
<!-- a comment -->
<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>a &amp; b</name>
  <devices>
    <disk type="file" device="disk"><target dev="vda"/></disk>
    <disk type="file" device="cdrom"><target dev="sda"/></disk>
    <disk type="block" device="disk"><target dev="vdb"/></disk>
  </devices>
  <qemu:commandline><qemu:arg value="-x"/></qemu:commandline>
</domain>`
	tests := []struct {
		path string
		want []string
	}{
		{"/domain/name", []string{"a & b"}},
		{"/domain/@type", []string{"kvm"}},
		{"/domain/devices/disk/target/@dev", []string{"vda", "sda", "vdb"}},
		{"/domain/devices/disk[3]/target/@dev", []string{"vdb"}},
		{"/domain/devices/disk[4]/target/@dev", nil},
		{"/domain/devices/disk[@device='disk']/target/@dev", []string{"vda", "vdb"}},
		{"/domain/devices/disk[@device='disk'][2]/target/@dev", []string{"vdb"}},
		{"/domain/devices/disk[2][@device='disk']/target/@dev", nil},
		{"/domain/qemu:commandline/qemu:arg/@value", []string{"-x"}},
		{"/network", nil},
		{"/domain/devices/@type", nil},
	}
	for _, tt := range tests {
		if got, err := valuesAt(text, tt.path); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s\n got %q (%v)\nwant %q", tt.path, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "text", "<a>", "</a>", "<a/><b/>"} {
		if got, err := valuesAt(bad, "/a"); err == nil {
			t.Errorf("%q is taken for XML: %q", bad, got)
		}
	}
}
