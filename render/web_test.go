package render_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

// phpVersion is that of the PHP that the tests find.
func phpVersion() string { return releasetest.Here().PHP }

// environment is what the program of the test must find, byte for byte.
var environment = map[string]string{
	"PLAIN":   "test",
	"EMPTY":   "",
	"QUOTES":  `a"b'c` + "`d`",
	"ESCAPES": `\a\\b\"c\n\`,
	"DOLLARS": `x$HOME ${HOME} \${HOME} $(id) $$ $`,
	"SIGNS":   `; # [section] = % ! & | ~ ^ ( ) { } < > ? * @ ,`,
	"SPACES":  "  a  \u00a0 ",
	"UNICODE": "ünï 🦊 \u2028",
	"MARKUP":  `<?php exit; ?> ]]> --> '; DROP TABLE x; --`,
	"WORD":    "null",
	"NUMBER":  "0x1A",
	"E_ALL":   "a constant of PHP by name",
	"null":    "nothing by name",
	"PATH":    "/usr/bin",
	"DB_HOST": "10.0.1.4",
}

const secret = `it's "a\s$e${c}r;e#t\`

// TestWebServers takes rendered files to real programs: a request goes to
// Varnish, from there to nginx in another network namespace, and to php-fpm.
func TestWebServers(t *testing.T) {
	rendertest.Need(t, "varnishd", "cc", "nginx", "php-fpm"+phpVersion(), "curl", "ip", "ss")
	env, err := json.Marshal(environment)
	if err != nil {
		t.Fatal(err)
	}
	files := renderVariant(t, `{ vms+: { web01+: {
		php+: { env: `+string(env)+` + { DB_HOST: { vm: 'db01' }, SECRET: { secret: 'db01/user' } } },
		files: {
			'/srv/www/index.php': { content: "<?php echo json_encode(['env' => getenv(), 'server' => $_SERVER]);" },
			'/srv/www/picture.jpg': { content: '<?php echo "it runs"; ' },
			'/srv/www/.env': { content: 'hidden' },
		} } } }`)
	output, ok := rendertest.Alone(t, machines(t, files)+`
request() { ip netns exec lb curl -s --interface 127.0.0.9 -H 'Host: app.nullzero.me' "$@"; }
request -H 'Proxy: evil' -H 'X-Forwarded-For: 192.0.2.66' 'http://10.0.1.2/some/path?a=1'
echo
for path in / /index.php /picture.jpg/x.php /none.php /.env; do request -o /run/body -w '%{http_code}\n' "http://10.0.1.2$path"; done
grep -c . /var/log/nginx/app.access.log
`)
	if !ok {
		t.Fatal(output)
	}
	program, rest, _ := strings.Cut(output, "\n")
	var got struct{ Env, Server map[string]any }
	if err := json.Unmarshal([]byte(program), &got); err != nil {
		t.Fatalf("%v in %s", err, output)
	}
	for name, want := range environment {
		if got.Env[name] != want {
			t.Errorf("%s is %q, want %q", name, got.Env[name], want)
		}
	}
	for name, want := range map[string]string{
		"SECRET": secret, "REMOTE_ADDR": "127.0.0.9", "SCRIPT_FILENAME": "/srv/www/index.php",
		"REQUEST_URI": "/some/path?a=1", "QUERY_STRING": "a=1", "HTTP_HOST": "app.nullzero.me",
	} {
		if got.Server[name] != want {
			t.Errorf("%s is %q, want %q", name, got.Server[name], want)
		}
	}
	if proxy := got.Env["HTTP_PROXY"]; proxy != nil && proxy != "" {
		t.Errorf("HTTP_PROXY is %q, from the request", proxy)
	}
	if !strings.HasPrefix(rest, "200\n200\n404\n404\n404\n") {
		t.Errorf("got %s, want two pages and three refusals", rest)
	}
}

func renderVariant(t *testing.T, patch string) []artifact.File {
	t.Helper()
	files, err := render.Render(rendertest.Variant(t, "nullzero", patch))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// machines is the script that puts the files of the cache and the web server in
// place, with secrets as the rendered apply script encodes them, runs the
// scripts of the steps, and starts the programs as Debian's units do.
func machines(t *testing.T, files []artifact.File) string {
	t.Helper()
	var s strings.Builder
	here := files[slices.IndexFunc(files, func(f artifact.File) bool { return f.Path == "apply.d/here.sh" })]
	fmt.Fprintf(&s, `
for dir in /etc/nginx/sites-available /etc/nginx/sites-enabled /etc/php/`+phpVersion()+`/fpm/pool.d /etc/varnish /var/lib/varnish /etc/systemd/system /srv; do
  mount -t tmpfs tmpfs "$dir"
done
mkdir /run/php /run/lb01 /run/web01 /var/log/nginx
ip netns add lb
ip link add web type veth peer name lb netns lb
ip addr add 10.0.1.3/24 dev web; ip link set web up
ip -n lb addr add 10.0.1.2/24 dev lb; ip -n lb link set lb up; ip -n lb link set lo up
eval "$(sed -n '/^encode_ini()/,/^}/p' %s)"
encode_ini "$(cat %s)"
`, rendertest.Write(t, "here.sh", here.Content), rendertest.Write(t, "secret", secret))
	for _, f := range files {
		if f.Machine != "lb01" && f.Machine != "web01" || f.Step == "packages" || f.Step == "system" {
			continue
		}
		to, mode := "/run/"+f.Machine+"/"+f.Path, uint32(0o644)
		if f.Install != nil {
			to, mode = f.Install.Path, f.Install.Mode
		}
		fmt.Fprintf(&s, "install -D -m %o %s '%s'\n", mode, rendertest.Write(t, "file", f.Content), to)
		for _, secret := range f.Secrets {
			fmt.Fprintf(&s, "text=$(cat '%s'); printf '%%s\\n' \"${text//'%s'/\"$ENCODED\"}\" >'%[1]s'\n", to, secret.PlaceHolder())
		}
	}
	s.WriteString(`
echo secret >/etc/varnish/secret
(cd /run/web01 && sh nginx/sites.sh)
php-fpm` + phpVersion() + ` --fpm-config /etc/php/` + phpVersion() + `/fpm/php-fpm.conf
nginx
ip netns exec lb sh -c "$(sed 's/^ExecStart=//; /^[[#]/d' /etc/systemd/system/varnish.service.d/listen.conf)" >/run/varnish.log 2>&1 &
timeout 20 sh -c 'until ip netns exec lb varnishadm backend.list 2>/dev/null | grep -q healthy; do sleep 0.1; done' || cat /run/varnish.log
`)
	return s.String()
}
