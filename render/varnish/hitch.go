package varnish

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// tlsView is what the VCL template shows of the TLS that ends in front.
type tlsView struct {
	Challenge     string // the backend of ACME; empty: nobody asks
	ChallengePort int
	Redirect      bool
	Port          string // behind the name of a redirect; empty for the usual one
	HSTS          int    // seconds
}

func tlsOf(t *topology.Topology, vm *topology.VM) *tlsView {
	tls := vm.Varnish.TLS
	if tls == nil {
		return nil
	}
	view := &tlsView{Redirect: tls.Redirect, HSTS: tls.HSTS.Seconds()}
	if tls.Listen != httpsPort {
		view.Port = fmt.Sprintf(":%d", tls.Listen)
	}
	for _, name := range tls.Certificates {
		if t.Certificate(name).ACME != nil {
			view.Challenge, view.ChallengePort = challengeBackend, topology.ChallengePort
		}
	}
	return view
}

// hitchView is what the template of hitch's configuration shows.
type hitchView struct {
	Listen, Proxy int
	Bundles       []string // the first is for visitors who name no host
}

// addHitch gives what takes TLS off in front of a cache: Varnish of Debian knows none.
func addHitch(set *artifact.Set, t *topology.Topology, vm *topology.VM) error {
	tls := vm.Varnish.TLS
	view := hitchView{Listen: tls.Listen, Proxy: topology.ProxyPort}
	// hitch takes the last for its default.
	for i := len(tls.Certificates) - 1; i >= 0; i-- {
		view.Bundles = append(view.Bundles, t.Certificate(tls.Certificates[i]).Bundle())
	}
	file := artifact.File{Machine: vm.Name, Path: "etc/hitch/hitch.conf", Format: artifact.Hitch, Step: "hitch"}
	file, err := templates.File(file.Installed(), "varnish/hitch.conf.tmpl", view)
	set.Files = append(set.Files, file)
	set.Steps = append(set.Steps, artifact.Step{
		Machine: vm.Name, Name: "hitch", Phase: artifact.Cache, After: []string{vm.Name + "/varnish"},
		Summary:  fmt.Sprintf("hitch, TLS on port %d", tls.Listen),
		Packages: []string{"hitch"},
		Makes:    artifact.Units("hitch.service"),
		Check:    []string{"out=$(hitch -t --config /etc/hitch/hitch.conf 2>&1) || { printf '%s\\n' \"$out\" >&2; exit 1; }"},
		Apply: []string{
			"systemctl --quiet enable hitch.service",
			"systemctl reload-or-restart hitch.service",
		},
		Verify: []string{shell.Until(10, fmt.Sprintf(`ss -Hltnp sport = :%d | grep -F hitch`, tls.Listen),
			fmt.Sprintf("hitch does not listen on port %d", tls.Listen))},
	})
	return err
}
