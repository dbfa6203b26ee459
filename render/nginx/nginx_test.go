package nginx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

func TestCheck(t *testing.T) {
	site := func(more string) string { return "{ root: '/srv/x', " + more + " }" }
	tests := []struct {
		name  string
		sites string // beside app.nullzero.me on port 80
		want  []string
	}{
		{"reference", "{}", nil},
		{"same name", "{ b: " + site("serverName: 'app.nullzero.me'") + " }", []string{"nginx/server-name"}},
		{"same name, other port", "{ b: " + site("serverName: 'app.nullzero.me', listen: 81") + " }", nil},
		{"alias of another site", "{ b: " + site("serverName: 'b', aliases: ['c', 'app.nullzero.me']") + " }", []string{"nginx/server-name"}},
		{"alias of itself", "{ b: " + site("serverName: 'b', aliases: ['b']") + " }", []string{"nginx/server-name"}},
		{"wildcard beside a name of it", "{ b: " + site("serverName: '*.nullzero.me'") + " }", nil},
		{"two defaults", "{ app+: { defaultServer: true }, b: " + site("serverName: 'b', defaultServer: true") + " }", []string{"nginx/default-server"}},
		{"a default each port", "{ app+: { defaultServer: true }, b: " + site("serverName: 'b', listen: 81, defaultServer: true") + " }", nil},
		{"own directives", "{ app+: { extra: 'autoindex on;' } }", []string{"nginx/extra"}},
		{"same name in capitals", "{ b: " + site("serverName: 'App.NullZero.me.'") + " }", []string{"nginx/server-name"}},
		{"same name, one address", "{ b: " + site("serverName: 'app.nullzero.me', listen: '10.0.1.3:80'") + " }", nil},
		{"a foreign address", "{ b: " + site("serverName: 'b', listen: '10.0.1.9:80'") + " }", []string{"nginx/listen"}},
		{"plain on 443", "{ b: " + site("serverName: 'b', listen: 443") + " }", []string{"nginx/plain-443"}},
		{"plain on 443 of an address", "{ b: " + site("serverName: 'b', listen: '10.0.1.3:443'") + " }", []string{"nginx/plain-443"}},
		{"plain on 8443", "{ b: " + site("serverName: 'b', listen: 8443") + " }", nil},
		{"one file for all folders first", "{ app+: { index: ['/x.html', 'index.html'] } }", []string{"nginx/index"}},
		{"one file for all folders", "{ app+: { index: ['index.html', '/x.html'] } }", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rendertest.Findings(t, "nullzero", "{ vms+: { web01+: { nginx+: { sites+: "+tt.sites+" } } } }", Check); !slices.Equal(got, tt.want) {
				t.Errorf("rules\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// render renders the fixture with Jsonnet added to its VMs.
func render(t *testing.T, vms string) artifact.Set {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: "+vms+" }"))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// app is the site of the fixture with Jsonnet added to it.
func app(t *testing.T, patch string) string {
	t.Helper()
	return rendertest.Content(t, render(t, "{ web01+: { nginx+: { sites+: { app+: "+patch+" } } } }"), "web01/etc/nginx/sites-available/app.conf")
}

func TestSite(t *testing.T) {
	tests := []struct {
		name, patch string
		want, not   string
	}{
		{"names", "{ aliases: ['www.nullzero.me', '*.nullzero.org'] }", "    server_name app.nullzero.me www.nullzero.me *.nullzero.org;\n", ""},
		{"description", "{ description: 'a; } \"b\"' }", "\n# a; } \"b\"\nserver {\n", ""},
		{"default server", "{ defaultServer: true }", "    listen 80 default_server;\n", "[::]"},
		{"index", "{ index: ['index.html', 'main.php'] }", "    index index.html main.php;\n", ""},
		{"front controller", "{ index: ['index.html', 'main.php'] }", " /main.php$is_args$args;\n", "=404;\n    }\n\n    # Hidden"},
		{"PHP without front controller", "{ index: ['index.html'] }", "        try_files $uri $uri/ =404;\n", "is_args"},
		{"no PHP", "{ php: false }", "        try_files $uri $uri/ =404;\n", "fastcgi"},
		{"body size", "{ clientMaxBodySize: '8MiB' }", "    client_max_body_size 8m;\n", ""},
		{"no body size", "{}", "", "client_max_body_size"},
		{"extra", "{ extra: 'autoindex on;\\n\\n' }", "\nautoindex on;\n\n    # The end of extra.\n\n    location ~ \\.php$ {", ""},
		{"own root and logs", "{ extra: 'root /srv/x; access_log off; client_max_body_size 1m;', clientMaxBodySize: '8MiB' }", "    index index.php;\n\n    error_log", "root /srv/www"},
		{"own location /", "{ extra: 'location / { }' }", "", "try_files $uri $uri/"},
		{"own hidden files", "{ extra: 'location ~ /\\\\.x { }' }", "    # The end of extra.\n\n    # Hidden", ""},
		{"names as written", "{ serverName: 'My_App.Example.net.', aliases: ['example.*', '.b.net'] }", "    server_name my_app.example.net example.* .b.net;\n", ""},
		{"root with a slash", "{ root: '/srv/www/' }", "    root /srv/www;\n", ""},
		{"one address", "{ listen: '10.0.1.3:8080' }", "    listen 10.0.1.3:8080;\n", "[::]"},
		{"the cache", "{}", "    set_real_ip_from 10.0.1.2;\n    real_ip_header X-Forwarded-For;\n", ""},
	}
	for _, tt := range tests {
		got := app(t, tt.patch)
		if !strings.Contains(got, tt.want) || tt.not != "" && strings.Contains(got, tt.not) {
			t.Errorf("%s: want %q and not %q in\n%s", tt.name, tt.want, tt.not, got)
		}
	}
}

func TestCaches(t *testing.T) {
	tests := []struct {
		name, vms string
		want      []string
	}{
		{"by name", "{}", []string{"10.0.1.2"}},
		{"by address", "{ lb01+: { varnish+: { backends: { a: { address: '10.0.1.3' } } } } }", []string{"10.0.1.2"}},
		{"of another machine", "{ lb01+: { varnish+: { backends: { a: { address: '10.0.1.4' } } } } }", nil},
		{"to another port", "{ lb01+: { varnish+: { backends: { a: { address: '10.0.1.3', port: 81 } } } } }", nil},
		{"no cache", "{ lb01+: { varnish:: null } }", nil},
		{"on the machine itself", "{ lb01+: { varnish:: null }, web01+: { varnish: { listen: 81, backends: { a: { vm: 'web01' } } } } }", []string{"10.0.1.3"}},
		{"two, sorted", "{ lb00: $.vms.lb01 { interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } }", []string{"10.0.1.2", "10.0.1.9"}},
		{"over a router", "{ lb01+: { interfaces: { eth0: { network: 'public', address: '46.4.71.70' } } } }", []string{"46.4.71.70"}},
		{"on the network of the address", "{ lb01+: { interfaces+: { eth1: { network: 'public', address: '46.4.71.70' } } } }", []string{"10.0.1.2"}},
	}
	for _, tt := range tests {
		topo := rendertest.Variant(t, "nullzero", "{ vms+: "+tt.vms+" }")
		if got := frontsOf(topo).caches(topo, topo.VM("web01"), 80); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	// A policy may let a cache pass that reaches nobody.
	topo := rendertest.Topology(t, "nullzero")
	topo.VM("lb01").Interfaces = nil
	if got := frontsOf(topo).caches(topo, topo.VM("web01"), 80); got != nil {
		t.Errorf("a cache without an address: got %q", got)
	}
}

func TestListenIPv6(t *testing.T) {
	set := render(t, "{ web01+: { interfaces+: { eth1: { network: 'six', address: '2001:db8::3' } } } } } + { networks+: { six: { bridge: 'sw-lan', subnet: '2001:db8::/64' } }")
	if got, want := rendertest.Content(t, set, "web01/etc/nginx/sites-available/app.conf"), "    listen 80;\n    listen [::]:80;\n"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestServerNames(t *testing.T) {
	tests := []struct {
		name, patch, want string
	}{
		{"usual", "{}", ""},
		{"46 bytes", fmt.Sprintf("{ serverName: '%s.net' }", strings.Repeat("a", 42)), ""},
		{"47 bytes", fmt.Sprintf("{ serverName: '%s.net' }", strings.Repeat("a", 43)), "max_size 512;"},
		{"100 names", "{ aliases: ['n%d' % i for i in std.range(2, 100)] }", ""},
		{"101 names", "{ aliases: ['n%d' % i for i in std.range(2, 101)] }", "max_size 512;"},
		{"900 names", "{ aliases: ['n%d' % i for i in std.range(2, 900)] }", "max_size 900;"},
	}
	for _, tt := range tests {
		set := render(t, "{ web01+: { nginx+: { sites+: { app+: "+tt.patch+" } } } }")
		i := slices.IndexFunc(set.Files, func(f artifact.File) bool { return f.Path == "etc/nginx/conf.d/server-names.conf" })
		if (i >= 0) != (tt.want != "") || i >= 0 && !strings.Contains(set.Files[i].Content, tt.want) {
			t.Errorf("%s: got file %d of %v, want %q", tt.name, i, set.Files, tt.want)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]string{"512KiB": "512k", "8MiB": "8m", "3GiB": "3g", "2TiB": "2048g"} {
		got := app(t, "{ clientMaxBodySize: '"+text+"' }")
		if !strings.Contains(got, "client_max_body_size "+want+";") {
			t.Errorf("%s: no %s in\n%s", text, want, got)
		}
	}
}
