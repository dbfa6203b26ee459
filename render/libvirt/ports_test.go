package libvirt

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestVerifySeesPorts asks a real Open vSwitch database about a port in each of
// the states that ovs-vsctl leaves one in with exit code 0.
func TestVerifySeesPorts(t *testing.T) {
	t.Parallel()
	topo := rendertest.Topology(t, "nullzero")
	id := topo.VM("web01").Interfaces[0].UUID
	var line string
	for _, l := range render(t, topo).Steps[0].Verify {
		if strings.Contains(l, id) {
			line = l
		}
	}
	vsctl := database(t)
	vsctl("add-br", "sw-lan", "--", "add-port", "sw-lan", "vnet0")
	for _, tt := range []struct {
		state, set string
		want       bool
	}{
		{"another port", "external_ids:iface-id=other ofport=1", false},
		{"not looked at", "external_ids:iface-id=" + id + " ofport=[]", false},
		{"without a device", "ofport=-1", false},
		{"working", "ofport=7", true},
	} {
		dir := vsctl(append([]string{"set", "interface", "vnet0"}, strings.Fields(tt.set)...)...)
		if out, ok := rendertest.Run(t, "env", "OVS_RUNDIR="+dir, "bash", "-c", line); ok != tt.want {
			t.Errorf("%s: verified %t, want %t: %s", tt.state, ok, tt.want, out)
		}
	}
}

// database starts an Open vSwitch database of its own and gives a function that
// talks to it and says where it is.
func database(t *testing.T) func(args ...string) (dir string) {
	t.Helper()
	rendertest.Need(t, "ovsdb-tool", "ovsdb-server", "ovs-vsctl")
	dir := t.TempDir()
	must := func(argv ...string) {
		t.Helper()
		if out, ok := rendertest.Run(t, append([]string{"env", "OVS_RUNDIR=" + dir}, argv...)...); !ok {
			t.Fatalf("%s: %s", argv, out)
		}
	}
	file := filepath.Join(dir, "conf.db")
	must("ovsdb-tool", "create", file, "/usr/share/openvswitch/vswitch.ovsschema")
	server := exec.Command("ovsdb-server", "--remote=punix:"+dir+"/db.sock", "--unixctl="+dir+"/ctl", "-vconsole:off", file)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	vsctl := func(args ...string) string {
		t.Helper()
		must(append([]string{"ovs-vsctl", "--no-wait", "--retry", "--timeout=30"}, args...)...)
		return dir
	}
	vsctl("init")
	return vsctl
}
