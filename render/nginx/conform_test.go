package nginx

import (
	"fmt"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// serve runs a script where the machine's nginx has no sites but Debian's
// example and those of a set. The files of the set are in place, the script of
// the step is in the working directory, and systemctl does what it is asked.
func serve(t *testing.T, set artifact.Set, script string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "nginx", "curl", "ss")
	place := `
mkdir /var/log/nginx
for dir in sites-available sites-enabled conf.d; do mount -t tmpfs tmpfs /etc/nginx/$dir; done
printf 'server { listen 80 default_server; return 200 example; }' >/etc/nginx/sites-available/default
ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
mount -t tmpfs tmpfs /srv; cd /run; mkdir nginx
systemctl() { nginx -s reload 2>/run/error || nginx; }
`
	for _, f := range set.Files {
		to := "/" + f.Path
		if f.Install == nil {
			to = f.Path
		}
		place += fmt.Sprintf("cp %s %s\n", rendertest.Write(t, "file", f.Content), to)
	}
	return rendertest.Alone(t, place+script)
}

func lines(l []string) string { return "\n" + strings.Join(l, "\n") + "\n" }

func TestConform(t *testing.T) {
	long := strings.Repeat("a", 63)
	tests := []struct{ name, patch, good, bad string }{
		{"reference", "{}", "fastcgi_pass", "fastcgi_path"},
		{"all there is", `{ description: "it's; } { $x \\", aliases: ['www.nullzero.me', '*.nullzero.org'], defaultServer: true,
			root: '/srv/a._@+:-b', index: ['main.php', 'a._+-z'], clientMaxBodySize: '2TiB', extra: 'autoindex on;' }`, "2048g", "2048t"},
		{"a lost semicolon", "{ aliases: ['www.nullzero.me'] }", "www.nullzero.me;", "www.nullzero.me"},
		{"long names", fmt.Sprintf("{ aliases: ['%s.%[1]s.%[1]s.%s'] }", long, long[:61]), "root /srv/www", "roots /srv/www"},
		{"many names", "{ aliases: ['site%d.example.net' % i for i in std.range(1, 3000)] }", "listen 80", "listen 80 listen"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := render(t, `{ web01+: { nginx+: { sites+: { app+: `+tt.patch+`, b: { serverName: 'b', root: '/srv/b' } } } } }`)
			step := set.Steps[0]
			output, ok := serve(t, set, lines(step.Check)+lines(step.Apply)+lines(step.Verify)+lines(step.Check)+lines(step.Apply)+lines(step.Verify))
			if !ok || output != "" {
				t.Errorf("nginx refuses it: %s", output)
			}
			text := set.Files[0].Content
			if set.Files[0].Content = strings.Replace(text, tt.good, tt.bad, 1); set.Files[0].Content == text {
				t.Fatalf("no %q in\n%s", tt.good, text)
			}
			if output, ok := serve(t, set, lines(step.Check)); ok || output == "" {
				t.Errorf("nginx accepts %q in the place of %q", tt.bad, tt.good)
			}
		})
	}
}

// TestConformUndo sees that a configuration that fails its test leaves the
// enabled sites as they were.
func TestConformUndo(t *testing.T) {
	set := render(t, `{ web01+: { nginx+: { sites+: { b: { serverName: 'b', root: '/srv/b' } } } } }`)
	output, ok := serve(t, set, `
ln -s ../sites-available/app.conf /etc/nginx/sites-enabled/app.conf
ln -s ../sites-available/gone.conf /etc/nginx/sites-enabled/gone.conf
echo 'server { listen 80; server_name b; }' >/etc/nginx/conf.d/other.conf
if `+set.Steps[0].Check[0]+`; then echo accepted; fi
ls /etc/nginx/sites-enabled
rm /etc/nginx/conf.d/other.conf
`+set.Steps[0].Check[0]+`
ls /etc/nginx/sites-enabled`)
	_, output, _ = strings.Cut(output, "test is successful\n")
	if want := "app.conf\ndefault\napp.conf\nb.conf\n"; !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}

// TestConformRequests asks a site for what it must give and what it must not.
func TestConformRequests(t *testing.T) {
	set := render(t, `{ web01+: { nginx+: { sites+: { app+: { php: false, index: ['index.html'], root: '/srv/a._@+:-b' } } } } }`)
	step := set.Steps[0]
	output, ok := serve(t, set, lines(step.Check)+lines(step.Apply)+lines(step.Verify)+`
root='/srv/a._@+:-b'
mkdir -p $root/.git $root/.well-known $root/dir
for f in index.html .git/config .well-known/x .htpasswd dir/index.html; do echo "$f" >$root/$f; done
chmod -R a+rX /srv
ask() { curl -s --path-as-is -o /run/body -w '%{http_code} ' -H 'Host: app.nullzero.me' "http://127.0.0.1$1"; head -n 1 /run/body | tr -d '\r'; }
for path in / /dir/ /none /.git/config /.well-known/x /.htpasswd /dir/../.git/config /%2egit/config; do ask "$path"; done
`)
	refused := "404 <html>\n"
	if want := "200 index.html\n200 dir/index.html\n" + refused + refused + "200 .well-known/x\n" + refused + refused + refused; !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}

// TestConformExtra asks a site whose own words have to win over ours: a deny over PHP,
// a location / over ours, and hidden files stay hidden behind a broad expression.
func TestConformExtra(t *testing.T) {
	const extra = `location / { return 200 "own /\\n"; }
location ~ ^/(config|tmp)/ { return 403; }
location ~* \\.(js|css)$ { root /srv/other; }
access_log off;`
	set := render(t, "{ web01+: { nginx+: { sites+: { app+: { aliases: ['Example.*', '.b_c.org'], listen: '10.0.1.3:80', extra: |||\n  "+
		strings.ReplaceAll(strings.ReplaceAll(extra, "\n", "\n  "), `\\`, `\`)+"\n||| } } } } }")
	step := set.Steps[0]
	output, ok := serve(t, set, "ip link set lo up; ip addr add 10.0.1.3/32 dev lo\n"+lines(step.Check)+lines(step.Apply)+lines(step.Verify)+`
mkdir -p /srv/other/.git /srv/www/config
echo js >/srv/other/x.js; echo secret >/srv/other/.git/x.js
chmod -R a+rX /srv
ask() { curl -s -o /run/body -w '%{http_code} ' -H "Host: $1" "http://10.0.1.3$2"; head -n 1 /run/body | tr -d '\r'; }
for path in / /config/x.php /x.js /.git/x.js; do ask app.nullzero.me "$path"; done
for name in example.com WWW.B_C.org; do ask "$name" /; done
`)
	if want := "200 own /\n403 <html>\n200 js\n404 <html>\n200 own /\n200 own /\n"; !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}

// TestConformPathInfo has PHP behind a guard of the user's own: nginx takes it, before our
// location.
func TestConformPathInfo(t *testing.T) {
	set := render(t, `{ web01+: { nginx+: { sites+: { app+: { extra: |||
  location ~ [^/]\.php(/|$) {
    fastcgi_split_path_info ^(.+?\.php)(/.*)$;
    if (!-f $document_root$fastcgi_script_name) { return 404; }
    include fastcgi_params;
    fastcgi_pass unix:/run/none.sock;
  }
||| } } } } }`)
	step := set.Steps[0]
	output, ok := serve(t, set, lines(step.Check)+lines(step.Apply)+lines(step.Verify)+`
mkdir -p /srv/www; echo x >/srv/www/index.php; echo y >/srv/www/up.png; chmod -R a+rX /srv
for path in /index.php/a/b /up.png/x.php /none.php/a; do
  curl -s -o /dev/null -w '%{http_code}\n' -H 'Host: app.nullzero.me' "http://127.0.0.1$path"
done`)
	if want := "502\n404\n404\n"; !ok || output != want { // 502: handed to PHP, which is not there
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}

// TestConformTLS asks a server with three names and two certificates as browsers do, and
// as nobody should.
func TestConformTLS(t *testing.T) {
	rendertest.Need(t, "openssl")
	const certificates = `{ a: { names: ['a.net', '*.b.net'], internal: true }, c: { names: ['c.net'], acme: {} } }`
	const sites = `{ a: { serverName: 'a.net', aliases: ['x.b.net'], root: '/srv/a', tls: { certificate: 'a', hsts: '180d' } },
		c: { serverName: 'c.net', root: '/srv/c', tls: { certificate: 'c', redirect: false } },
		d: { serverName: 'x.b.net', root: '/srv/c', listen: 8443, tls: { certificate: 'a', listen: 8443 } } }`
	topo := rendertest.Variant(t, "nullzero", "{ certificates: "+certificates+", vms+: { web01+: { nginx: { sites: "+sites+" } } } }")
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	step := set.Steps[0]
	output, ok := serve(t, set, `mkdir -p /run/keys/a /run/keys/c
for c in a c; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=$c -keyout /run/keys/$c/privkey.pem -out /run/keys/$c/fullchain.pem 2>/dev/null; done
mount -t tmpfs tmpfs /etc/ssl; mount -t tmpfs tmpfs /var/lib; cp -r /run/keys /etc/ssl/stackgen
mkdir -p /srv/a /srv/c /var/lib/acme/.well-known/acme-challenge /var/lib/nginx
echo a >/srv/a/index.html; echo c >/srv/c/index.html; echo proof >/var/lib/acme/.well-known/acme-challenge/x
chmod -R a+rX /srv /var/lib`+lines(step.Check)+lines(step.Apply)+lines(step.Verify)+`
ask() { curl -sk -o /run/body -w '%{http_code} %{http_version} %{redirect_url} ' --resolve "*:80:127.0.0.1" --resolve "*:443:127.0.0.1" --resolve "*:8443:127.0.0.1" "$@"; head -n 1 /run/body | tr -d '\r'; }
ask https://a.net/; ask https://x.b.net/; ask https://c.net/; ask https://x.b.net:8443/
ask http://a.net/y; ask http://c.net/.well-known/acme-challenge/x; ask http://c.net/
hello() { { openssl s_client -connect 127.0.0.1:443 "$@" </dev/null 2>/dev/null || true; } | sed -n -e 's/^subject=CN = /shown /p' -e 's/^subject=CN=/shown /p'; }
for name in a.net x.b.net c.net; do hello -servername $name; done
echo nobody; hello -servername none.net; hello -noservername
hello -servername a.net -tls1_1 -cipher DEFAULT@SECLEVEL=0; hello -servername a.net -tls1_2
curl -skI --resolve a.net:443:127.0.0.1 https://a.net/ | grep -i -e ^strict -e ^server | tr -d '\r'
`)
	const want = `200 2  a
200 2  a
200 2  c
200 2  c
301 1.1 https://a.net/y <html>
200 1.1  proof
200 1.1  c
shown a
shown a
shown c
nobody
shown a
server: nginx
strict-transport-security: max-age=15552000
`
	if !ok || output != want {
		t.Errorf("got %t\n%s\nwant\n%s", ok, output, want)
	}
}

// TestConformShell looks at the script with shellcheck.
func TestConformShell(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	set := render(t, "{}")
	if output, ok := rendertest.Run(t, "shellcheck", rendertest.Write(t, "sites.sh", rendertest.Content(t, set, "web01/nginx/sites.sh"))); !ok {
		t.Errorf("shellcheck: %s", output)
	}
}
