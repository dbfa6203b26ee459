package varnish

import (
	"errors"
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

// vclView is what the VCL template shows.
type vclView struct {
	Backends []backendView
	Director string   // the constructor in vmod_directors(3); empty: there is one backend
	Members  []string // arguments of add_backend
	HashKey  string   // what the hash director goes by; empty for the others
	Probed   bool     // some backend has a probe
	TLS      *tlsView // nil: there is none in front
	Extra    string   // the user's own VCL
}

// backendView is a backend's attributes, and those of its probe, as name and value.
type backendView struct {
	Name       string
	Attributes [][2]string
	Probe      [][2]string
}

func vclOf(t *topology.Topology, vm *topology.VM) (vclView, error) {
	v := vm.Varnish
	view := vclView{Extra: strings.TrimRight(v.VCL, "\n")}
	view.TLS = tlsOf(t, vm)
	if len(v.Backends) > 1 {
		view.Director = v.Director
	}
	if v.Director == "hash" {
		view.HashKey = "req.http.host + req.url"
	}
	for _, b := range v.Backends {
		backend, err := backendOf(t, vm, b)
		if err != nil {
			return vclView{}, fmt.Errorf("backend %s of %s: %w", b.Name, vm.Name, err)
		}
		view.Backends = append(view.Backends, backend)
		view.Members = append(view.Members, member(v.Director, b))
		view.Probed = view.Probed || b.Probe != nil
	}
	return view, nil
}

func member(director string, b topology.Backend) string {
	if weighted(director) {
		return fmt.Sprintf("%s, %d", b.Name, b.Weight)
	}
	return b.Name
}

// backendOf gives the backend by address: varnishd resolves a name only when
// it compiles, and does not start when that fails.
func backendOf(t *topology.Topology, vm *topology.VM, b topology.Backend) (backendView, error) {
	view := backendView{Name: b.Name}
	host := t.Resolve(vm, b.Target)
	if !host.IsValid() {
		return view, errors.New("no address")
	}
	view.Attributes = [][2]string{
		{"host", `"` + host.Addr().String() + `"`},
		{"port", fmt.Sprintf(`"%d"`, b.Target.Port.Single())},
	}
	if name := hostHeader(t, b); name != "" {
		text, err := quote(name)
		if err != nil {
			return view, err
		}
		view.Attributes = append(view.Attributes, [2]string{"host_header", text})
	}
	view.Attributes = append(view.Attributes, limits(b)...)
	var err error
	if b.Probe != nil {
		view.Probe, err = probe(b.Probe)
	}
	return view, err
}

// hostHeader is the name that probes ask for, and requests that name no host:
// without it nginx would answer them from its default server. A wildcard is no
// name that can be asked for.
func hostHeader(t *topology.Topology, b topology.Backend) string {
	vm := t.VM(b.Target.VM)
	if b.HostHeader != "" || vm == nil || vm.Nginx == nil {
		return b.HostHeader
	}
	var names []string
	for _, s := range vm.Nginx.Sites {
		if s.On(b.Target.Port.Single()) {
			names = append(names, s.ServerName)
		}
	}
	if len(names) != 1 {
		return ""
	}
	return topology.HostOf(names[0])
}

// limits are what the user set; zero leaves the matter to varnishd's parameters.
func limits(b topology.Backend) (attributes [][2]string) {
	for _, d := range []struct {
		name  string
		value topology.Duration
	}{
		{"connect_timeout", b.ConnectTimeout},
		{"first_byte_timeout", b.FirstByteTimeout},
		{"between_bytes_timeout", b.BetweenBytesTimeout},
	} {
		if d.value != 0 {
			attributes = append(attributes, [2]string{d.name, d.value.String()})
		}
	}
	if b.MaxConnections != 0 {
		attributes = append(attributes, [2]string{"max_connections", fmt.Sprint(b.MaxConnections)})
	}
	return attributes
}

func probe(p *topology.Probe) ([][2]string, error) {
	url, err := quote(p.URL)
	return [][2]string{
		{"url", url},
		{"interval", p.Interval.String()},
		{"timeout", p.Timeout.String()},
		{"window", fmt.Sprint(p.Window)},
		{"threshold", fmt.Sprint(p.Threshold)},
		{"initial", fmt.Sprint(p.Initial)},
		{"expected_response", fmt.Sprint(p.ExpectedResponse)},
	}, err
}

// quote writes a string constant. VCL has no escapes (vcl(7), STRINGS): a
// string in quotes goes to the next quote and must not hold a line break, so
// text with either becomes a long string, {"…"} or """…""", which goes to the
// first end mark. Constants cannot be joined, so text with both end marks
// cannot be written; nor can a NUL, where varnishd stops reading the file.
func quote(s string) (string, error) {
	switch {
	case strings.Contains(s, "\x00"):
	case !strings.ContainsAny(s, "\"\n\r"):
		return `"` + s + `"`, nil
	case !strings.Contains(s+`"`, `"}`):
		return `{"` + s + `"}`, nil
	case !strings.Contains(s+`"""`, `""""`) && !strings.Contains(s, `"""`):
		return `"""` + s + `"""`, nil
	}
	return "", fmt.Errorf("VCL cannot hold the text %q", s)
}
