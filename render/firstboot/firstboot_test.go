package firstboot

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// system is what other renderers gave for a guest.
func system(machine string) artifact.Set {
	return artifact.Set{Files: []artifact.File{
		{Machine: machine, Path: "etc/hostname", Content: machine + "\n", Step: "system", Install: artifact.At("etc/hostname")},
		{Machine: machine, Path: "etc/nginx/x.conf", Content: "x\n", Step: "nginx", Install: artifact.At("etc/nginx/x.conf")},
	}}
}

const aKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7Vq0Zr8QyQ1Xv5tqS7H3kD2cZk0l8mQ4w9uXo2aBcD someone@example"

func TestRender(t *testing.T) {
	tests := []struct {
		name, patch string
		files       []string
	}{
		{"offline", "{}", []string{"vmm/first-boot/lb01/etc/hostname", "vmm/first-boot/first-boot.sh"}},
		{"with keys", "{ vms+: { lb01+: { authorizedKeys: ['" + aKey + "'] } } }",
			[]string{"vmm/first-boot/lb01/etc/hostname", "vmm/first-boot/lb01/authorized_keys", "vmm/first-boot/first-boot.sh"}},
		{"none", "{ vms+: { lb01+: { provision: 'none' } } }", []string{"vmm/first-boot/first-boot.sh"}},
		{"cloud-init", "{ vms+: { lb01+: { provision: 'cloud-init' } } }", []string{"vmm/first-boot/first-boot.sh",
			"vmm/first-boot/lb01/user-data", "vmm/first-boot/lb01/meta-data", "vmm/first-boot/lb01/network-config", "vmm/first-boot/seeds.sh"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, err := Render(rendertest.Variant(t, "nullzero", tt.patch), system("lb01"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range set.Files {
				got = append(got, f.TreePath())
			}
			if !slices.Equal(got, tt.files) {
				t.Errorf("files\n got %q\nwant %q", got, tt.files)
			}
			script := rendertest.Content(t, set, "vmm/first-boot/first-boot.sh")
			if has, want := strings.Contains(script, "lb01.qcow2"), tt.files[0] != "vmm/first-boot/first-boot.sh"; has != want {
				t.Errorf("the script names the disk of lb01: %t, want %t", has, want)
			}
		})
	}
}

// TestScriptConforms shows each script to shellcheck, and a twin without the
// quotes around a word.
func TestScriptConforms(t *testing.T) {
	rendertest.Need(t, "bash", "shellcheck")
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: { lb01+: { provision: 'cloud-init' } } }"), artifact.Set{})
	if err != nil {
		t.Fatal(err)
	}
	for name, quoted := range map[string]string{"first-boot.sh": `"$HERE/$1/$file"`, "seeds.sh": `sync "$1.stackgen-part"`} {
		script := rendertest.Content(t, set, "vmm/first-boot/"+name)
		if out, ok := rendertest.Run(t, "shellcheck", "--norc", rendertest.Write(t, name, script)); !ok || out != "" {
			t.Errorf("shellcheck: %s", out)
		}
		broken := strings.Replace(script, quoted, strings.ReplaceAll(quoted, `"`, ""), 1)
		if _, ok := rendertest.Run(t, "shellcheck", "--norc", rendertest.Write(t, "broken.sh", broken)); ok {
			t.Errorf("shellcheck accepts a broken %s", name)
		}
	}
}
