package check

import (
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkCertificates finds certificates that cannot be had, or are not those that
// a visitor wants to see.
func checkCertificates(t *topology.Topology) (diags diag.List) {
	users := map[string][]certificateUser{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, u := range vm.CertificateUses() {
			users[u.Certificate] = append(users[u.Certificate], certificateUser{vm, vmPath(vm, u.Path...)})
		}
		if vm.Nginx == nil {
			continue
		}
		for _, s := range vm.Nginx.Sites {
			covered(t, vm, s, &diags)
			weakTLS(vm, s, &diags)
		}
	}
	for i := range t.Certificates {
		c := &t.Certificates[i]
		sourceOf(c, &diags)
		wantedBy(c, users[c.Name], &diags)
	}
	oneMachineAName(t, users, &diags)
	return diags
}

// certificateUser is a VM that names a certificate, and where it does.
type certificateUser struct {
	vm   *topology.VM
	path string
}

func certificatePath(c *topology.Certificate, tokens ...any) string {
	return diag.Join(diag.Path("certificates", c.Name), tokens...)
}

// sourceOf finds a certificate that comes from nowhere, or from two places.
func sourceOf(c *topology.Certificate, diags *diag.List) {
	path := certificatePath(c)
	fromSecrets := !c.Internal && (c.Certificate != "" || c.Key != "")
	switch {
	case fromSecrets && c.Key == "":
		diags.Errorf("certificates/partner", diag.Join(path, "certificate"), "certificate %q has no key", c.Name).
			Hintf("add key: { secret: … }")
	case fromSecrets && c.Certificate == "":
		diags.Errorf("certificates/partner", diag.Join(path, "key"), "key %q has no certificate", c.Name).
			Hintf("add certificate: { secret: … }")
	}
	var from []string
	for _, s := range []struct {
		name string
		said bool
	}{{"acme", c.ACME != nil}, {"certificate and key", fromSecrets}, {"internal", c.Internal}} {
		if s.said {
			from = append(from, s.name)
		}
	}
	if len(from) != 1 {
		d := diags.Errorf("certificates/source", path, "certificate %q comes from nowhere", c.Name)
		if len(from) > 1 {
			d.Message = "certificate " + strconv.Quote(c.Name) + " comes from " + wording.List(from, "and")
		}
		d.Hintf("write one of acme: {}, certificate and key, or internal: true")
	}
	if c.ACME == nil {
		return
	}
	for i, name := range c.Names {
		if strings.HasPrefix(name, "*") {
			diags.Errorf("certificates/wildcard", certificatePath(c, "names", i),
				"no authority gives %q to who answers on port 80 (RFC 8555, http-01)", name).
				Hintf("name the hosts, or have the certificate from elsewhere as secrets")
		}
	}
	if c.ACME.Email == "" {
		diags.Warningf("certificates/no-email", certificatePath(c, "acme"),
			"nobody is told when certificate %q is about to end, or withdrawn", c.Name).Hintf("add email: to it")
	}
}

// wantedBy finds a certificate that nobody uses, and one that two machines would
// ask for.
func wantedBy(c *topology.Certificate, users []certificateUser, diags *diag.List) {
	if len(users) == 0 {
		diags.Warningf("certificates/unused", certificatePath(c), "nothing uses certificate %q", c.Name).
			AtKey().Hintf("name it in the tls of a site or a cache, or remove it")
		return
	}
	i := slices.IndexFunc(users, func(u certificateUser) bool { return u.vm != users[0].vm })
	if c.ACME != nil && i >= 0 {
		diags.Errorf("certificates/two-machines", users[i].path, "%q asks for certificate %q, and so does %q",
			users[i].vm.Name, c.Name, users[0].vm.Name).
			Also(users[0].path, "asked for here").
			Hintf("the challenge comes to one machine: let TLS end at one, or have the certificate from elsewhere as secrets")
	}
}

// oneMachineAName finds two certificates by ACME with one name, at two machines.
func oneMachineAName(t *topology.Topology, users map[string][]certificateUser, diags *diag.List) {
	type claim struct {
		vm   *topology.VM
		path string
	}
	first := map[string]claim{}
	for i := range t.Certificates {
		c := &t.Certificates[i]
		if c.ACME == nil || len(users[c.Name]) == 0 {
			continue
		}
		for j, name := range c.Names {
			own := claim{users[c.Name][0].vm, certificatePath(c, "names", j)}
			other, taken := first[name]
			if taken && other.vm != own.vm {
				diags.Errorf("certificates/two-machines", own.path, "%q and %q both ask for a certificate for %q", other.vm.Name,
					own.vm.Name, name).
					Also(other.path, "the other certificate").
					Hintf("the challenge comes to one machine: leave the name to one certificate")
			}
			if !taken {
				first[name] = own
			}
		}
	}
}

// covered finds names of a site that its certificate is not for.
func covered(t *topology.Topology, vm *topology.VM, s topology.Site, diags *diag.List) {
	if s.TLS == nil {
		return
	}
	c := t.Certificate(s.TLS.Certificates[0])
	if c == nil {
		return
	}
	for i, name := range s.Names() {
		if name == "_" || c.Covers(name) {
			continue
		}
		path := vmPath(vm, "nginx", "sites", s.Name, "serverName")
		if i > 0 {
			path = vmPath(vm, "nginx", "sites", s.Name, "aliases", i-1)
		}
		diags.Errorf("certificates/names", path, "certificate %q is not for %q", c.Name, name).
			Also(certificatePath(c, "names"), "its names").Hintf("add %q to the names of the certificate", name)
	}
}

// weakTLS warns about own words that let in what TLS 1.2 replaced (RFC 8996).
func weakTLS(vm *topology.VM, s topology.Site, diags *diag.List) {
	for _, d := range s.Directives() {
		for _, p := range d.Args {
			if d.Name == "ssl_protocols" && slices.Contains([]string{"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"}, p) {
				diags.Warningf("certificates/weak", vmPath(vm, "nginx", "sites", s.Name, "extra"),
					"%s has been withdrawn: what is sent by it can be read or changed", p).
					Hintf("leave out ssl_protocols")
				return
			}
		}
	}
}
