package firstboot

import (
	"fmt"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"

	"gopkg.in/yaml.v3"
)

// seeded is the reference stack with lb01 told by cloud-init, its disk in dir.
func seeded(t *testing.T, dir, patch string) *topology.Topology {
	t.Helper()
	return rendertest.Variant(t, "nullzero", fmt.Sprintf(`{
		hosts+: { vmm+: { pools: { default: { path: '%s' } } } },
		vms+: { db01+: { provision: 'none' }, web01+: { provision: 'none' }, lb01+: { provision: 'cloud-init', authorizedKeys: ['%s'] } },
	} + %s`, dir, aKey, patch))
}

// withHosts is what other renderers gave for lb01.
func withHosts() artifact.Set {
	set := system("lb01")
	set.Files = append(set.Files, artifact.File{Machine: "lb01", Path: "etc/hosts", Content: "127.0.0.1\tlocalhost\n", Step: "system", Install: artifact.At("etc/hosts")})
	return set
}

// seedOf is a file of the seed of lb01.
func seedOf(t *testing.T, topo *topology.Topology, name string) string {
	t.Helper()
	set, err := Render(topo, withHosts())
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "vmm/first-boot/lb01/"+name)
}

func TestUserData(t *testing.T) {
	var got cloudConfig
	if err := yaml.Unmarshal([]byte(seedOf(t, seeded(t, "/srv", "{}"), "user-data")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Users) != 1 || got.Users[0].Name != "root" || got.Users[0].Sudo != "" || got.DisableRoot || got.Users[0].AuthorizedKeys[0] != aKey {
		t.Errorf("accounts %+v, root disabled: %t", got.Users, got.DisableRoot)
	}
	if got.Hostname != "lb01" || got.FQDN != "lb01.nullzero.me" || len(got.WriteFiles) != 1 || got.WriteFiles[0] != (writeFile{"/etc/hosts", "root:root", "0644", "127.0.0.1\tlocalhost\n"}) {
		t.Errorf("got %+v, want the name, the hosts and no file of another step", got)
	}
	text := seedOf(t, seeded(t, "/srv", "{ domain:: null, vms+: { lb01+: { ssh: { user: 'admin' } } } }"), "user-data")
	got = cloudConfig{}
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.FQDN != "" || got.Users[0].Name != "admin" || got.Users[0].Sudo == "" {
		t.Errorf("another account, no domain: %+v", got)
	}
}

// TestRouterSeed: VyOS gets the commands that it would get from apply, with the
// same secrets, and asks no one for an address.
func TestRouterSeed(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{ vms+: { rtr01+: { provision: 'cloud-init', install:: null, disks: { vda: { size: '10GiB', image: 'debian-12' } } } } }`)
	key := artifact.Secret{Name: "vpn/rtr01.key", Encoding: artifact.PEMBody}
	set, err := Render(topo, artifact.Set{Files: []artifact.File{
		{Machine: "rtr01", Path: "vyos/user-data", Content: "#cloud-config\nvyos_config_commands: []\n", Secrets: []artifact.Secret{key}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		if f.TreePath() == "vmm/first-boot/rtr01/user-data" && (len(f.Secrets) != 1 || f.Secrets[0] != key || f.Step != stepName) {
			t.Errorf("user-data has secrets %v in step %q", f.Secrets, f.Step)
		}
	}
	var net network
	if err := yaml.Unmarshal([]byte(rendertest.Content(t, set, "vmm/first-boot/rtr01/network-config")), &net); err != nil {
		t.Fatal(err)
	}
	if len(net.Ethernets) != 2 || len(net.Ethernets["eth0"].Addresses) != 0 {
		t.Errorf("network-config %+v, want two interfaces without addresses", net)
	}
	if script := rendertest.Content(t, set, "vmm/first-boot/seeds.sh"); strings.Contains(script, "rtr01-seed.iso keys") {
		t.Error("the script makes SSH host keys for VyOS")
	}
}

// TestUserDataConforms asks cloud-init itself.
func TestUserDataConforms(t *testing.T) {
	rendertest.Need(t, "cloud-init")
	text := ""
	for _, patch := range []string{"{ vms+: { lb01+: { authorizedKeys:: null } } }", "{ vms+: { lb01+: { ssh: { user: 'admin' } } } }", "{}"} {
		text = seedOf(t, seeded(t, "/srv", patch), "user-data")
		if out, ok := rendertest.Run(t, "cloud-init", "schema", "--config-file", rendertest.Write(t, "user-data", text)); !ok || !strings.HasPrefix(out, "Valid ") || strings.Contains(out, "eprecat") {
			t.Errorf("cloud-init, with %s: %s", patch, out)
		}
	}
	for _, twin := range []string{strings.Replace(text, "lock_passwd: false", "lock_passwd: perhaps", 1), strings.Replace(text, "#cloud-config", "#cloud-confg", 1)} {
		if out, ok := rendertest.Run(t, "cloud-init", "schema", "--config-file", rendertest.Write(t, "user-data", twin)); ok {
			t.Errorf("cloud-init accepts a broken twin: %s", out)
		}
	}
}
