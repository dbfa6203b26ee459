package render_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/files"
	"stackgen/render/internal/rendertest"
	"stackgen/render/nginx"
	"stackgen/render/php"
	"stackgen/render/varnish"
	"stackgen/schema/release/releasetest"
	"stackgen/schema/topology"
)

// web is what the renderers of web servers and caches give.
func web(t *testing.T, topo *topology.Topology) (set artifact.Set) {
	t.Helper()
	for _, render := range []func(*topology.Topology) (artifact.Set, error){files.Render, php.Render, nginx.Render, varnish.Render} {
		s, err := render(topo)
		if err != nil {
			t.Fatal(err)
		}
		set.Add(s)
	}
	return set
}

// TestWebChecks puts the files of each web server and cache of all fixtures in
// place and runs the checks of their steps, which must have nothing to say.
func TestWebChecks(t *testing.T) {
	rendertest.Need(t, "varnishd", "cc", "nginx", "php-fpm"+phpVersion(), "php"+phpVersion())
	topologies, err := filepath.Glob("../fixtures/*/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range topologies {
		topo := rendertest.Topology(t, filepath.Base(filepath.Dir(file)))
		set := web(t, topo)
		var machines []string
		for _, s := range set.Steps {
			machines = append(machines, s.Machine)
		}
		slices.Sort(machines)
		for _, machine := range slices.Compact(machines) {
			if vm := topo.VM(machine); vm != nil && vm.OS != releasetest.Here().Name {
				continue // its programs are those of another release, on which TestReleases runs this test
			}
			if output, ok := rendertest.Alone(t, checks(t, set, machine)); !ok || output != "" {
				t.Errorf("%s of %s: %s", machine, file, output)
			}
		}
	}
}

// checks is the script that installs the files of a machine and runs the checks
// of its steps.
func checks(t *testing.T, set artifact.Set, machine string) string {
	t.Helper()
	var s strings.Builder
	s.WriteString(`
for dir in /etc/nginx/sites-available /etc/nginx/sites-enabled /etc/nginx/conf.d /etc/php/` + phpVersion() + `/fpm/pool.d /etc/varnish /etc/hitch /etc/ssl /var/lib/varnish /etc/systemd/system /srv; do
  mount -t tmpfs tmpfs "$dir"
done
mkdir /run/machine /run/php /var/log/nginx; cd /run/machine
`)
	for _, f := range set.Files {
		if f.Machine != machine {
			continue
		}
		to := artifact.Install{Path: "/run/machine/" + f.Path, Owner: "root", Group: "root", Mode: 0o644}
		if f.Install != nil {
			to = *f.Install
		}
		fmt.Fprintf(&s, "install -D -o %s -g %s -m %o %s '%s'\n", to.Owner, to.Group, to.Mode, rendertest.Write(t, "file", f.Content), to.Path)
	}
	s.WriteString(placeholders)
	for _, step := range set.Steps {
		if step.Machine == machine {
			s.WriteString(strings.Join(step.Check, "\n") + "\n")
		}
	}
	return s.String()
}

// placeholders are certificates where the files of a machine look for theirs: a step
// before those of the servers makes them.
const placeholders = `
{ grep -rhoE '/etc/ssl/stackgen/[^/";]+' /etc/hitch /etc/nginx/sites-available || true; } | sort -u | while read -r dir; do
  mkdir -p "$dir"
  printf '[req]\ndistinguished_name = name\n[name]\n' > req.cnf
  openssl req -x509 -config req.cnf -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=lab -keyout "$dir/privkey.pem" -out "$dir/fullchain.pem" 2> openssl.log
  cat "$dir/privkey.pem" "$dir/fullchain.pem" > "$dir/bundle.pem"
done
`

// TestWebSteps sees that every file belongs to a step that there is.
func TestWebSteps(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{ vms+: { web01+: { files+: {
		'/etc/nginx/conf.d/a.conf': { content: '' }, '/etc/php/`+phpVersion()+`/fpm/conf.d/a.ini': { content: '' }, '/etc/varnish/a': { content: '' } } },
		lb01+: { files: { '/etc/varnish/a.vcl': { content: '' }, '/etc/nginx/a': { content: '' } } } } }`)
	set := web(t, topo)
	for _, f := range set.Files {
		if !slices.ContainsFunc(set.Steps, func(s artifact.Step) bool { return s.Machine == f.Machine && s.Name == f.Step }) {
			t.Errorf("there is no step %s/%s for %s", f.Machine, f.Step, f.TreePath())
		}
	}
}
