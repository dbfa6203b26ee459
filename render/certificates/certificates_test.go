package certificates

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

const patch = `{ certificates: {
	one: { names: ['app.nullzero.me', 'www.nullzero.me'], acme: { email: 'ops@nullzero.me', directory: 'https://ca.test/dir' } },
	two: { names: ['*.b.net'], certificate: { secret: 'tls/b.crt' }, key: { secret: 'tls/b.key' } },
}, vms+: { lb01+: { varnish+: { tls: { certificates: ['one', 'two'] } } } } }`

func rendered(t *testing.T) artifact.Set {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "nullzero", patch))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestRender(t *testing.T) {
	set := rendered(t)
	for _, f := range set.Files {
		secret := strings.Contains(f.Path, "/two/")
		if secret != (len(f.Secrets) > 0) || secret && f.Install.Mode != 0o600 {
			t.Errorf("%s: %d secrets, mode %o", f.Path, len(f.Secrets), f.Install.Mode)
		}
		for _, s := range f.Secrets {
			if !strings.Contains(f.Content, s.PlaceHolder()) {
				t.Errorf("%s does not have %s", f.Path, s.Name)
			}
		}
	}
	ask := set.Steps[slices.IndexFunc(set.Steps, func(s artifact.Step) bool { return s.Name == "acme" })]
	if want := []string{"sh /usr/local/lib/stackgen/certificates ask one https://ca.test/dir ops@nullzero.me app.nullzero.me www.nullzero.me"}; !slices.Equal(ask.Apply, want) {
		t.Errorf("got %q, want %q", ask.Apply, want)
	}
}

// TestNothing: a stack without certificates has nothing of this.
func TestNothing(t *testing.T) {
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil || len(set.Files)+len(set.Steps) > 0 {
		t.Errorf("got %v, %v", set, err)
	}
}

// TestConformScript runs the script with a certbot that gives what it is asked for: a
// placeholder first, what the authority gave once, the same names and directory not again,
// other names again; and after a cut between certbot and the servers, the next round
// hands over.
func TestConformScript(t *testing.T) {
	rendertest.Need(t, "openssl", "shellcheck")
	text := rendertest.Content(t, rendered(t), "lb01/"+scriptPath)
	script := rendertest.Write(t, "certificates", text)
	if output, ok := rendertest.Run(t, "shellcheck", script); !ok {
		t.Errorf("shellcheck: %s", output)
	}
	output, ok := rendertest.Alone(t, `
cat >/run/certbot <<'X'
#!/bin/bash
set -eu
echo "certbot $*" >>/run/asked
names=(); while (($#)); do case $1 in --server) server=$2 ;; --cert-name) name=$2 ;; -d) names+=("DNS:$2") ;; esac; shift; done
live=/etc/letsencrypt/live/$name; mkdir -p "$live" /etc/letsencrypt/renewal
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=given -addext "subjectAltName=$(IFS=,; echo "${names[*]}")" -keyout "$live/privkey.pem" -out "$live/fullchain.pem" 2>/dev/null
echo "server = $server" >"/etc/letsencrypt/renewal/$name.conf"
X
cat >/run/systemctl <<'X'
#!/bin/sh
case $* in *is-active*) [ -e /run/active ] ;; *) echo "systemctl $*" >>/run/asked ;; esac
X
cat >/run/hitch <<'X'
#!/bin/sh
[ ! -e /run/broken ]
X
chmod +x /run/certbot /run/systemctl /run/hitch; PATH=/run:$PATH; : >/run/asked
mkdir -p /run/keep; cp /etc/ssl/openssl.cnf /run/keep; export OPENSSL_CONF=/run/keep/openssl.cnf
mount -t tmpfs tmpfs /etc/ssl; mount -t tmpfs tmpfs /var/lib
[ -d /etc/letsencrypt ] || { echo "no /etc/letsencrypt"; exit 1; }
mount -t tmpfs tmpfs /etc/letsencrypt
c() { sh `+script+` "$@"; }
who() { openssl x509 -in /etc/ssl/stackgen/one/fullchain.pem -noout -subject -nameopt RFC2253; ls /etc/ssl/stackgen/one /etc/ssl/stackgen/.one* -d | wc -l; }
sha() { cat /etc/ssl/stackgen/one/*.pem | sha256sum; }
c placeholders; who; a=$(sha); c placeholders; [ "$a" = "$(sha)" ] || echo changed
stat -L -c '%a' /etc/ssl/stackgen/one /etc/ssl/stackgen/one/privkey.pem
if c given one 2>/dev/null; then echo "taken for the authority's"; fi
touch /run/active
for i in 1 2; do c ask one https://ca.test/dir '' a.net b.net; done; c given one; who
c placeholders; c given one
c ask one https://ca.test/dir ops@b.net b.net; c ask one https://other.test/dir ops@b.net b.net
a=$(sha); touch /run/broken; /run/certbot --server https://other.test/dir --cert-name one -d b.net
if c deploy 2>/run/said; then echo "a server took what it does not take"; fi; cat /run/said; [ "$a" = "$(sha)" ] || echo "not the old one"
rm /run/broken; c deploy; c given one; who; [ "$a" != "$(sha)" ] || echo "still the old one"
cat /run/asked`)
	const ask = "certbot certonly --non-interactive --agree-tos --server https://%s.test/dir --cert-name one --key-type ecdsa " +
		"--standalone --http-01-address 127.0.0.1 --http-01-port 8402 --force-renewal --renew-with-new-domains "
	reload := "systemctl reload hitch.service\n"
	ca, other := strings.ReplaceAll(ask, "%s", "ca"), strings.ReplaceAll(ask, "%s", "other")
	want := "subject=CN=placeholder\n2\n700\n600\nsubject=CN=given\n2\n" +
		"the servers do not take the new certificates; they keep the old\nsubject=CN=given\n2\n" +
		ca + "-d a.net -d b.net --register-unsafely-without-email\n" + reload +
		ca + "-d b.net --email ops@b.net\n" + reload + other + "-d b.net --email ops@b.net\n" + reload +
		"certbot --server https://other.test/dir --cert-name one -d b.net\n" + reload
	if !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}
