package php

import (
	"os"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
	"stackgen/schema/topology"
)

// phpVersion is that of the PHP that the tests find.
func phpVersion() string { return releasetest.Here().PHP }

// pools runs a script where the pools of the machine's php-fpm are just that
// of web01.
func pools(t *testing.T, text, script string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "php-fpm"+phpVersion(), "ss")
	return rendertest.Alone(t, `
mkdir /run/php; mount -t tmpfs tmpfs /etc/php/`+phpVersion()+`/fpm/pool.d
cp `+rendertest.Write(t, "app.conf", text)+` /etc/php/`+phpVersion()+`/fpm/pool.d/app.conf
systemctl() { :; }
`+script)
}

func render(t *testing.T, topo *topology.Topology) (text string, check, verify string) {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	step := set.Steps[len(set.Steps)-1]
	return rendertest.Content(t, set, "web01/etc/php/"+phpVersion()+"/fpm/pool.d/app.conf"), strings.Join(step.Check, "\n"), strings.Join(step.Verify, "\n")
}

func TestConform(t *testing.T) {
	text, check, verify := render(t, rendertest.Topology(t, "nullzero"))
	if output, ok := pools(t, text, check+"\nphp-fpm"+phpVersion()+" --fpm-config /etc/php/"+phpVersion()+"/fpm/php-fpm.conf\n"+verify); !ok || output != "" {
		t.Errorf("php-fpm refuses it: %s", output)
	}
	for _, broken := range [][2]string{
		{"max_children = 10", "max_childs = 10"},
		{`= "10.0.1.4"`, `= "10.0.1.4`},
		{`user = "www-data"`, `user = "nobody-of-this-name"`},
		{"pm.max_children = 10", "pm.max_children = 0"},
	} {
		twin := strings.Replace(text, broken[0], broken[1], 1)
		if output, ok := pools(t, twin, check); ok || twin == text || output == "" {
			t.Errorf("php-fpm accepts %q in the place of %q: %s", broken[1], broken[0], output)
		}
	}
}

// TestConformRequestNames holds our list to the file that nginx reads.
func TestConformRequestNames(t *testing.T) {
	params, err := os.ReadFile("/etc/nginx/fastcgi_params")
	if err != nil {
		rendertest.Need(t, "nginx")
		t.Fatal(err)
	}
	for line := range strings.Lines(string(params)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "fastcgi_param" && !fromRequest(f[1]) {
			t.Errorf("%s is a parameter of each request", f[1])
		}
	}
}
