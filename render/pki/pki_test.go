package pki

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*topology.VM)
		path   string // "" is no finding
	}{
		{"fixture", func(*topology.VM) {}, ""},
		{"second tunnel with the same keys", func(v *topology.VM) {
			v.Router.OpenVPN = append(v.Router.OpenVPN, v.Router.OpenVPN[0])
			v.Router.OpenVPN[1].Name = "vtun1"
		}, ""},
		{"second tunnel with another authority for the same certificate", func(v *topology.VM) {
			v.Router.OpenVPN = append(v.Router.OpenVPN, v.Router.OpenVPN[0])
			v.Router.OpenVPN[1].Name, v.Router.OpenVPN[1].TLS.CA = "vtun1", "other/ca.crt"
		}, "/vms/rtr01/router/openvpn/vtun1/tls/cert"},
		{"certificate is a client's", func(v *topology.VM) {
			v.Router.OpenVPN[0].TLS.Cert = "vpn/clients/remoteur.crt"
		}, "/vms/rtr01/router/openvpn/vtun0/clients/remoteur"},
		{"client with the router's name", func(v *topology.VM) {
			v.Router.OpenVPN[0].Clients[0].Name = "rtr01"
		}, "/vms/rtr01/router/openvpn/vtun0"},
		{"client with nearly the router's name", func(v *topology.VM) {
			v.Router.OpenVPN[0].Clients[0].Name = "rtr010"
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := rendertest.Topology(t, "nullzero")
			tt.change(topo.VM("rtr01"))
			got := Check(topo)
			if tt.path == "" && len(got) > 0 {
				t.Errorf("got %v, want no findings", got)
			}
			if tt.path != "" && (len(got) == 0 || got[0].Rule != "pki/two-uses" || got[0].Path != tt.path) {
				t.Errorf("got %v, want pki/two-uses at %s", got, tt.path)
			}
		})
	}
}

// operator runs the script of the reference stack as its operator would.
type operator struct {
	tree, keys string
}

func newOperator(t *testing.T) operator {
	t.Helper()
	o := operatorOf(t, rendertest.Topology(t, "nullzero"))
	o.write(t, "openvpn/remoteur.ovpn", "# comment\nclient\nca ca.crt\ncert remoteur.crt\nkey remoteur.key\nverb 3\n")
	return o
}

func operatorOf(t *testing.T, topo *topology.Topology) operator {
	t.Helper()
	rendertest.Need(t, "sh", "openssl")
	dir := t.TempDir()
	o := operator{tree: filepath.Join(dir, "out tree", "rtr01"), keys: filepath.Join(dir, "my keys")}
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	o.write(t, "pki/pki.sh", rendertest.Content(t, set, "rtr01/pki/pki.sh"))
	return o
}

func (o operator) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(o.tree, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (o operator) run(t *testing.T, args ...string) (string, bool) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{filepath.Join(o.tree, "pki/pki.sh")}, args...)...)
	cmd.Env = append(os.Environ(), "STACKGEN_PKI="+o.keys, "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (o operator) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.keys, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// openssl runs it in the folder of keys.
func (o operator) openssl(t *testing.T, args ...string) (string, bool) {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.keys
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// list reads all files, which nobody else may.
func (o operator) list(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(o.keys, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has mode %o", path, mode)
		}
		if !d.IsDir() {
			name, _ := filepath.Rel(o.keys, path)
			files[name] = o.read(t, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCreate(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t); !ok {
		t.Fatal(out)
	}
	first := o.list(t)
	for _, name := range []string{"vpn/ca.crt", "vpn/rtr01.crt", "vpn/rtr01.key", "vpn/dh.pem", "vpn/clients/remoteur.crt", "vpn/clients/remoteur.key", "authority/vpn/ca.crt.key"} {
		if first[name] == "" {
			t.Errorf("%s is not made", name)
		}
	}
	if len(first) != 7 {
		t.Errorf("%d files are made, want 7", len(first))
	}
	if out, ok := o.run(t); !ok || out != "" {
		t.Errorf("a second run says %q", out)
	}
	for name, text := range o.list(t) {
		if first[name] != text {
			t.Errorf("a second run changes %s", name)
		}
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"verify", "-x509_strict", "-CAfile", "vpn/ca.crt", "-purpose", "sslserver", "vpn/rtr01.crt"}, "vpn/rtr01.crt: OK"},
		{[]string{"verify", "-x509_strict", "-CAfile", "vpn/ca.crt", "-purpose", "sslclient", "vpn/clients/remoteur.crt"}, "remoteur.crt: OK"},
		{[]string{"x509", "-noout", "-subject", "-ext", "extendedKeyUsage", "-in", "vpn/rtr01.crt"}, "TLS Web Server Authentication"},
		{[]string{"x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", "vpn/rtr01.crt"}, "subject=CN=rtr01\n"},
		{[]string{"x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", "vpn/clients/remoteur.crt"}, "subject=CN=remoteur\n"},
		{[]string{"x509", "-noout", "-ext", "basicConstraints", "-in", "vpn/ca.crt"}, "CA:TRUE"},
		{[]string{"dhparam", "-check", "-noout", "-text", "-in", "vpn/dh.pem"}, "DH Parameters: (2048 bit)\n    GROUP: ffdhe2048"},
		{[]string{"pkey", "-noout", "-text", "-in", "vpn/rtr01.key"}, "P-384"},
	} {
		if out, ok := o.openssl(t, tt.args...); !ok || !strings.Contains(out, tt.want) {
			t.Errorf("openssl %q\n got %s\nwant %s", tt.args, out, tt.want)
		}
	}
	if out, ok := o.openssl(t, "verify", "-CAfile", "vpn/ca.crt", "-purpose", "sslserver", "vpn/clients/remoteur.crt"); ok {
		t.Errorf("a client's certificate serves a server: %s", out)
	}
	for _, key := range []string{"vpn/rtr01.key", "authority/vpn/ca.crt.key"} {
		if !strings.HasPrefix(first[key], "-----BEGIN PRIVATE KEY-----") {
			t.Errorf("%s is not PKCS#8", key)
		}
	}
	if !strings.HasPrefix(first["vpn/dh.pem"], "-----BEGIN DH PARAMETERS-----") {
		t.Error("vpn/dh.pem is not PKCS#3")
	}
}

// TestCutShort: a run that was killed is finished by the next, and a
// certificate without its key is not passed over.
func TestCutShort(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t); !ok {
		t.Fatal(out)
	}
	key := o.read(t, "vpn/rtr01.key")
	remove(t, o.keys, "vpn/rtr01.crt")
	if out, ok := o.run(t); !ok || out != "made vpn/rtr01.crt\n" {
		t.Errorf("a missing certificate is not made: %s", out)
	}
	if o.read(t, "vpn/rtr01.key") != key {
		t.Error("the key is made again")
	}
	remove(t, o.keys, "vpn/rtr01.key")
	if out, ok := o.run(t); ok || !strings.Contains(out, "its key vpn/rtr01.key is not") {
		t.Errorf("a lost key is not noticed: %s", out)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestOutsideGit(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if err := os.Mkdir(filepath.Join(filepath.Dir(o.keys), ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	out, ok := o.run(t)
	if ok || !strings.Contains(out, "inside the git work tree") {
		t.Errorf("keys are made inside a work tree: %s", out)
	}
	if _, err := os.Stat(o.keys); err == nil {
		t.Error("the folder is made")
	}
}

func TestExpiryAndRenew(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t, "--expiry"); ok || strings.Count(out, "missing") != 3 {
		t.Errorf("before anything is made: %s", out)
	}
	if out, ok := o.run(t); !ok {
		t.Fatal(out)
	}
	if out, ok := o.run(t, "--expiry"); !ok || strings.Count(out, " ok\n") != 3 {
		t.Errorf("after all is made: %s", out)
	}
	before := o.list(t)
	if out, ok := o.run(t, "renew", "remoteur"); !ok {
		t.Fatal(out)
	}
	after := o.list(t)
	for name, text := range before {
		if renewed := strings.HasPrefix(name, "vpn/clients/"); (after[name] != text) != renewed {
			t.Errorf("%s: changed is %t, want %t", name, !renewed, renewed)
		}
	}
	if len(after) != len(before)+2 {
		t.Errorf("%d files became %d: the old pair is not kept", len(before), len(after))
	}
	if out, ok := o.openssl(t, "verify", "-CAfile", "vpn/ca.crt", "vpn/clients/remoteur.crt"); !ok {
		t.Error(out)
	}
	if out, ok := o.run(t, "renew", "nobody"); ok || !strings.Contains(out, "nothing is named nobody") {
		t.Errorf("renewing nobody: %s", out)
	}
	o.shorten(t)
	if out, ok := o.run(t, "--expiry"); ok || !strings.Contains(out, "ends within 30 days") {
		t.Errorf("a certificate that ends soon: %s", out)
	}
}

// shorten puts a certificate of five days in the client's place.
func (o operator) shorten(t *testing.T) {
	t.Helper()
	remove(t, o.keys, "vpn/clients/remoteur.crt")
	out, ok := o.openssl(t, "req", "-x509", "-new", "-key", "vpn/clients/remoteur.key", "-subj", "/CN=remoteur", "-days", "5", "-out", "vpn/clients/remoteur.crt")
	if !ok {
		t.Fatal(out)
	}
}

func TestInline(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t, "--inline", "remoteur"); ok || !strings.Contains(out, "run pki.sh first") {
		t.Errorf("without keys: %s", out)
	}
	if out, ok := o.run(t); !ok {
		t.Fatal(out)
	}
	out, ok := o.run(t, "--inline", "remoteur")
	if !ok || strings.TrimSpace(out) != filepath.Join(o.keys, "profiles/remoteur.ovpn") {
		t.Fatalf("got %s", out)
	}
	profile := o.read(t, "profiles/remoteur.ovpn")
	for _, want := range []string{"client\nverb 3\n<ca>\n-----BEGIN CERT", "</ca>\n<cert>\n-----BEGIN CERT", "</cert>\n<key>\n" + o.read(t, "vpn/clients/remoteur.key") + "</key>\n"} {
		if !strings.Contains(profile, want) {
			t.Errorf("missing %q in\n%s", want, profile)
		}
	}
	if out, ok := o.run(t, "--inline", "nobody"); ok || !strings.Contains(out, "there is no client or peer with a profile nobody") {
		t.Errorf("for nobody: %s", out)
	}
}

// TestInlineFromElsewhere finds the profile beside the script, however that is called.
func TestInlineFromElsewhere(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t); !ok {
		t.Fatal(out)
	}
	link := filepath.Join(t.TempDir(), "link.sh")
	if err := os.Symlink(filepath.Join(o.tree, "pki/pki.sh"), link); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ dir, script, cdpath string }{
		{"/", link, ""}, {o.tree, "pki/pki.sh", "."}, {filepath.Join(o.tree, "pki"), "pki.sh", ""},
	} {
		cmd := exec.Command("sh", tt.script, "--inline", "remoteur")
		cmd.Dir = tt.dir
		cmd.Env = append(os.Environ(), "STACKGEN_PKI="+o.keys, "LC_ALL=C", "CDPATH="+tt.cdpath)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s in %s: %v: %s", tt.script, tt.dir, err, out)
		}
	}
	cmd := exec.Command("env", "-u", "HOME", "-u", "XDG_DATA_HOME", "-u", "STACKGEN_PKI", "sh", link, "--help")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "HOME: is not set, nor is STACKGEN_PKI") {
		t.Errorf("without HOME: %s", out)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	if out, ok := o.run(t, "--help"); !ok || !strings.Contains(out, "renew NAME") || strings.Contains(out, "set -eu") {
		t.Errorf("help is %q", out)
	}
	if out, ok := o.run(t, "--wrong"); ok || !strings.Contains(out, "renew NAME") {
		t.Errorf("a wrong flag is %q", out)
	}
}

func TestScriptIsClean(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	script := rendertest.Content(t, set, "rtr01/pki/pki.sh")
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "sh", rendertest.Write(t, "pki.sh", script)); !ok {
		t.Errorf("refused:\n%s", out)
	}
	bad := strings.Replace(script, `cd "$pki"`, "cd $pki", 1)
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "sh", rendertest.Write(t, "pki.sh", bad)); ok {
		t.Errorf("an unquoted word is accepted:\n%s", out)
	}
}
