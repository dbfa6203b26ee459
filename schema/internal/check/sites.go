package check

import (
	"path"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkSites finds web sites that show nothing, or more than they should.
func checkSites(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Nginx != nil {
			for _, s := range vm.Nginx.Sites {
				documents(vm, s, &diags)
				fastCGI(vm, s, &diags)
			}
		}
		if vm.Varnish != nil {
			for _, b := range vm.Varnish.Backends {
				if b.Probe == nil {
					diags.Warningf("services/no-probe", vmPath(vm, "varnish", "backends", b.Name),
						"backend %q has no health check: requests go to it when it is down", b.Name).
						Hintf("add probe: { url: '/' }")
				}
			}
			mixedSites(t, vm, &diags)
		}
	}
	return diags
}

// mixedSites finds a cache whose backends are web servers of different sites: its
// director sends a request to any of them. A VCL of the user's own may choose.
func mixedSites(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	var first *topology.Backend
	var names []string
	for i := range vm.Varnish.Backends {
		b := &vm.Varnish.Backends[i]
		served := sitesOf(t, b)
		switch {
		case len(served) == 0 || vm.Varnish.VCL != "":
		case first == nil:
			first, names = b, served
		case !slices.Equal(names, served):
			diags.Errorf("services/mixed-sites", vmPath(vm, "varnish", "backends", b.Name),
				"backend %q serves %s, and %q serves %s: a request for one gets the other every now and then", b.Name,
				wording.List(served, "and"), first.Name, wording.List(names, "and")).
				Also(vmPath(vm, "varnish", "backends", first.Name), "the other backend").
				Hintf("give each site a cache of its own, or serve all sites on each web server")
			return
		}
	}
}

// sitesOf are the names of the sites that a backend serves; none if that is not
// known.
func sitesOf(t *topology.Topology, b *topology.Backend) (names []string) {
	to := t.VM(b.Target.VM)
	if b.Target.Address.IsValid() {
		to = ownerOf(t, b.Target.Address.Addr())
	}
	if to == nil || to.Nginx == nil {
		return nil
	}
	for _, s := range to.Nginx.Sites {
		if s.Listen == b.Target.Port.Single() {
			names = append(append(names, s.ServerName), s.Aliases...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// elsewhere matches directives of the user's own by which a site is not, or not
// only, what is in its document root.
var elsewhere = pattern.Lazy(`(?m)^\s*(root|alias|proxy_pass|return|rewrite)\s`)

// documents warns about a document root that the topology puts nothing into, or
// nothing that answers for the folder. Packages may bring a site with them.
func documents(vm *topology.VM, s topology.Site, diags *diag.List) {
	if len(vm.Packages) > 0 || elsewhere().MatchString(s.Extra) {
		return
	}
	var below, index bool
	for _, f := range vm.Files {
		below = below || strings.HasPrefix(f.Path, s.Root+"/")
		for _, name := range s.Index {
			index = index || f.Path == path.Join(s.Root, name)
		}
	}
	at := vmPath(vm, "nginx", "sites", s.Name)
	switch {
	case !below:
		diags.Warningf("services/no-documents", diag.Join(at, "root"), "nothing in the topology is put into %s", s.Root).
			Hintf("add files: { '%s': … } to the VM", path.Join(s.Root, s.Index[0]))
	case !index:
		diags.Warningf("services/no-documents", diag.Join(at, "index"), "none of the files in %s is %s", s.Root,
			wording.QuotedList(s.Index, "or")).
			Also(vmPath(vm, "files"), "the files").Hintf("add one of them, or change index")
	}
}

// fastCGISocket matches where a site of the user's own words runs PHP.
var fastCGISocket = pattern.Lazy(`(?m)^\s*fastcgi_pass\s+unix:([^;\s]+)\s*;`)

// fileTest matches what keeps a path that is no file from PHP: a test for the file, with
// the script's name cut off from what follows it perhaps, or Debian's own snippet.
var fileTest = pattern.Lazy(`(?m)\btry_files\s|!-[fe]\s+"?\$(document_root\$(fastcgi_script_name|uri)|request_filename|realpath_root\$fastcgi_script_name)|` +
	`fastcgi-php\.conf`)

// fastCGI looks at PHP that a site runs in words of its own, not ours.
func fastCGI(vm *topology.VM, s topology.Site, diags *diag.List) {
	at := vmPath(vm, "nginx", "sites", s.Name, "extra")
	if !strings.Contains(s.Extra, "fastcgi_pass") {
		return
	}
	if m := fastCGISocket().FindStringSubmatch(s.Extra); m != nil && (vm.PHP == nil || m[1] != vm.PHP.Socket()) {
		d := diags.Errorf("services/php-socket", at, "nothing in the topology listens on %s", m[1])
		if vm.PHP == nil {
			d.Hintf("add php: {} to the VM and php: true to the site, and leave out the location")
		} else {
			d.Also(vmPath(vm, "php"), "the pool").Hintf("the pool listens on %s; or write php: true and leave out the location",
				vm.PHP.Socket())
		}
	}
	if !fileTest().MatchString(s.Extra) {
		diags.Warningf("services/php-unsafe", at, "a request for /upload.png/x.php would run /upload.png as PHP").
			Hintf("add try_files $uri =404; or write php: true, which does")
	}
	if !strings.Contains(s.Extra, "SCRIPT_FILENAME") && !strings.Contains(s.Extra, "fastcgi.conf") &&
		!strings.Contains(s.Extra, "fastcgi-php.conf") {
		diags.Warningf("services/php-script", at,
			"PHP is not told which file to run: Debian's fastcgi_params has no SCRIPT_FILENAME").
			Hintf("include fastcgi.conf instead; or write php: true, which says it")
	}
}
