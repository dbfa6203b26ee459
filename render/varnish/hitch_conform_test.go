package varnish

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

// TestConformHitch asks hitch and Varnish as they are rendered, with a server behind them
// that says what it was told: HTTP/2, a certificate for each name, the visitor's scheme and
// address, the challenge of ACME before the redirect.
func TestConformHitch(t *testing.T) {
	if releasetest.Elsewhere() {
		t.Skip("NOT RUN: in the root of another release all visitors of this test come from 127.0.0.1; why is not known")
	}
	rendertest.Need(t, "hitch", "varnishd", "openssl", "curl", "python3")
	set, err := Render(rendertest.Variant(t, "nullzero", `{
  certificates: { a: { names: ['a.net'], acme: { email: 'a@a.net' } }, b: { names: ['b.net'], internal: true } },
  vms+: { lb01+: { varnish+: { backends: { web01: { vm: 'web01', port: 80 } }, tls: { certificates: ['a', 'b'], hsts: '180d' } } } },
}`))
	if err != nil {
		t.Fatal(err)
	}
	vcl := rendertest.Write(t, "default.vcl", strings.ReplaceAll(rendertest.Content(t, set, "lb01/etc/varnish/default.vcl"), "10.0.1.3", "127.0.0.9"))
	conf := rendertest.Write(t, "hitch.conf", rendertest.Content(t, set, "lb01/etc/hitch/hitch.conf"))
	output, ok := rendertest.Alone(t, `
ip link set lo up; mkdir -p /run/keys/a /run/keys/b
for c in a b; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=$c.net -addext subjectAltName=DNS:$c.net -keyout /run/keys/$c/key -out /run/keys/$c/crt 2>/dev/null; cat /run/keys/$c/key /run/keys/$c/crt >/run/keys/$c/bundle.pem; chmod 600 /run/keys/$c/*; done
mount -t tmpfs tmpfs /etc/ssl; cp -r /run/keys /etc/ssl/stackgen
cat >/run/server.py <<'X'
import http.server, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header('Cache-Control', 'no-store'); self.end_headers()
        self.wfile.write(('%s %s %s\n' % (sys.argv[3], self.headers.get('X-Forwarded-Proto'), self.headers.get('X-Forwarded-For'))).encode())
    def log_message(self, *a): pass
http.server.HTTPServer((sys.argv[1], int(sys.argv[2])), H).serve_forever()
X
python3 /run/server.py 127.0.0.9 80 web & a=$!
python3 /run/server.py 127.0.0.1 8402 certbot & b=$!
cp `+vcl+` /run/default.vcl; chmod 644 /run/default.vcl
varnishd -n /run/v -a 127.0.0.1:80 -a tls=127.0.0.1:8443,PROXY -p feature=+http2 -f /run/default.vcl -s malloc,32m >/run/said 2>&1 || cat /run/said
hitch -t --config `+conf+` >/run/said 2>&1 || cat /run/said
hitch --config `+conf+` >/run/hitch.log 2>&1 & c=$!
trap 'kill $a $b $c; varnishadm -n /run/v stop >/dev/null 2>&1; kill $(cat /run/v/_.pid) 2>/dev/null || true' EXIT
for i in $(seq 50); do if ss -Hltn sport = :443 | grep -q . && ss -Hltn sport = :8402 | grep -q .; then break; fi; sleep 0.1; done
ask() { curl -sk -m 5 -o /run/body -w '%{http_code} %{http_version} %{redirect_url} ' --resolve '*:80:127.0.0.1' --resolve '*:443:127.0.0.1' "$@"; head -n 1 /run/body; }
ask --interface 127.0.0.7 https://a.net/; ask --http1.1 --interface 127.0.0.7 https://b.net/
ask http://a.net/x; echo
ask --interface 127.0.0.7 http://a.net/.well-known/acme-challenge/x
hello() { { openssl s_client -connect 127.0.0.1:443 "$@" </dev/null 2>/dev/null || true; } | sed -n -e 's/^subject=CN *= */shown /p'; }
for name in a.net b.net none.net; do hello -servername $name; done; hello -noservername
hello -servername a.net -tls1_1 -cipher DEFAULT@SECLEVEL=0
curl -skI --resolve a.net:443:127.0.0.1 https://a.net/ | grep -i ^strict | tr -d '\r'
`)
	const want = `200 2  web https 127.0.0.7
200 1.1  web https 127.0.0.7
301 1.1 https://a.net/x 
200 1.1  certbot None 127.0.0.7
shown a.net
shown b.net
shown a.net
shown a.net
strict-transport-security: max-age=15552000
`
	if !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}
