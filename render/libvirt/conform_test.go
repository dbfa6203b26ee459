package libvirt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// virsh talks to the libvirt that is built into it, with no state outside of a
// temporary directory.
func virsh(t *testing.T, commands string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "virsh")
	home := t.TempDir()
	return rendertest.Run(t, "env", "-u", "XDG_RUNTIME_DIR", "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "XDG_DATA_HOME="+home,
		"LC_ALL=C.UTF-8", "virsh", "-q", "-c", "test:///default", commands)
}

// accepts reports whether libvirt's schema and libvirt's parser take a domain,
// and what they say.
func accepts(t *testing.T, xml string) (output string, schema, parser bool) {
	t.Helper()
	rendertest.Need(t, "virt-xml-validate")
	file := rendertest.Write(t, "domain.xml", xml)
	valid, schema := rendertest.Run(t, "virt-xml-validate", file, "domain")
	defined, parser := virsh(t, "define "+file+" --validate")
	return valid + defined, schema, parser
}

func render(t *testing.T, topo *topology.Topology) artifact.Set {
	t.Helper()
	if diags := Check(topo); diags.HasErrors() {
		t.Fatalf("findings: %v", diags)
	}
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLibvirtAccepts(t *testing.T) {
	patches := map[string]string{
		"as it is": `{}`,
		"all devices": `{
			networks+: { lan+: { mtu: 1400, vlan: 20 } },
			vms+: {
				rtr01+: { machine: 'pc', graphics+: { type: 'spice', listen: '::1' } },
				web01+: { type: 'qemu', machine: 'pc', serial: { log: '/var/log/web01.log' }, boot: { kernel: '/k', initrd: '/i', cmdline: 'quiet' },
					disks+: { vda+: { cache: 'unsafe' }, vdb: { size: '1GiB' } }, interfaces+: { eth0+: { offloads: false } } },
				db01+: { autostart: false, graphics:: null, provision: 'cloud-init', libvirt: { extraXML: '<watchdog model="i6300esb" action="reset"/>' } },
				'a--b': super.lb01 { interfaces: {} },
			},
		}`,
	}
	for name, patch := range patches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range render(t, rendertest.Variant(t, "nullzero", patch)).Files {
				if f.Script {
					continue
				}
				if out, schema, parser := accepts(t, f.Content); !schema || !parser || !strings.HasSuffix(out, " validates\n") {
					t.Errorf("%s: schema %t, parser %t: %s", f.TreePath(), schema, parser, out)
				}
			}
		})
	}
}

func TestLibvirtRefuses(t *testing.T) {
	t.Parallel()
	good := rendertest.Content(t, render(t, rendertest.Topology(t, "nullzero")), "vmm/libvirt/rtr01.xml")
	for _, twin := range []struct {
		name, old, new string
		schema         bool // whether its schema alone lets it pass
	}{
		{"an unknown element", "<vcpu", "<cpus>4</cpus><vcpu", false},
		{"half a MAC address", "00:50:56:00:5e:97", "00:50:56:00:5e", false},
		{"an unknown type of port", `type="openvswitch"`, `type="openswitch"`, false},
		{"a tag that is not closed", "</devices>", "", false},
		{"the same boot order twice", `order="2"`, `order="1"`, true},
	} {
		broken := strings.Replace(good, twin.old, twin.new, 1)
		if _, schema, parser := accepts(t, broken); parser || schema != twin.schema || broken == good {
			t.Errorf("a domain with %s: schema accepts %t, want %t; parser accepts %t", twin.name, schema, twin.schema, parser)
		}
	}
}

// TestHostileText wants descriptions and command lines in libvirt exactly as
// they are in the topology.
func TestHostileText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`]]>`, `-->`, `<!-- `, `</description><os>`, `&lt;&#10;`, `"'`, `$(reboot)`, "`id`", `'; DROP TABLE x; --`, `C:\n`, ` two  spaces `, "é\u0085\u2028\U0001F600",
	} {
		topo := rendertest.Topology(t, "nullzero")
		vm := topo.VM("web01")
		vm.Description, vm.Boot = text, &topology.Boot{Kernel: "/k", Cmdline: text}
		file := rendertest.Write(t, "web01.xml", rendertest.Content(t, render(t, topo), "vmm/libvirt/web01.xml"))
		out, ok := virsh(t, "define "+file+" --validate; dumpxml --inactive web01")
		var d libvirtxml.Domain
		if err := d.Unmarshal(out); !ok || err != nil {
			t.Errorf("%q: success %t, %v: %s", text, ok, err, out)
			continue
		}
		if d.Description != text || d.OS.Cmdline != text {
			t.Errorf("%q is %q and %q in libvirt", text, d.Description, d.OS.Cmdline)
		}
	}
}

// TestDefinitionIsStable wants libvirt to make the same of a domain every time:
// nothing in it is left to chance.
func TestDefinitionIsStable(t *testing.T) {
	t.Parallel()
	set := render(t, rendertest.Topology(t, "nullzero"))
	file := rendertest.Write(t, "rtr01.xml", rendertest.Content(t, set, "vmm/libvirt/rtr01.xml"))
	first, ok := virsh(t, "define "+file+"; dumpxml --inactive rtr01")
	again, _ := virsh(t, "define "+file+"; dumpxml --inactive rtr01")
	if !ok || first != again {
		t.Errorf("libvirt makes of it first\n%s\nand then\n%s", first, again)
	}
}

func TestShellAccepts(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	script := rendertest.Content(t, render(t, rendertest.Topology(t, "nullzero")), "vmm/libvirt/domains.sh")
	broken := strings.Replace(script, "  esac\n", "", 1)
	broken = strings.Replace(broken, `"$1"`, `$1`, 1)
	for _, argv := range [][]string{{"sh", "-n"}, {"bash", "-n"}, {"shellcheck"}} {
		if out, ok := rendertest.Run(t, append(argv, rendertest.Write(t, "domains.sh", script))...); !ok || out != "" {
			t.Errorf("%s: %s", argv, out)
		}
		if _, ok := rendertest.Run(t, append(argv, rendertest.Write(t, "broken.sh", broken))...); ok {
			t.Errorf("%s accepts a broken script", argv)
		}
	}
}

// place writes a set's files below a directory as in the output tree.
func place(t *testing.T, dir string, set artifact.Set) {
	t.Helper()
	for _, f := range set.Files {
		path := filepath.Join(dir, f.TreePath())
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
