package wireguard

import (
	"fmt"
	"net/netip"
	"slices"

	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// dir is where wg-quick(8) looks for configurations.
const dir = "etc/wireguard/"

// device is what the template shows: finished words.
type device struct {
	Name, Router, Description string
	Address, PrivateKey       string
	Port, MTU                 int
	OwnRoutes                 bool // wg-quick makes none
	Routes                    []string
	Peers                     []peer
}

type peer struct {
	Name, PublicKey, PresharedKey, Endpoint string
	Allowed                                 []string
	Keepalive                               int
}

// addInterface adds the configuration of an interface, with its keys in it, and
// the step.
func addInterface(set *artifact.Set, vm *topology.VM, w *topology.WireGuard) error {
	private := secret(w.PrivateKey)
	d := device{
		Name: w.Name, Router: vm.Name, Description: w.Description,
		Address: netip.PrefixFrom(w.Address, w.Subnet.Bits()).String(), PrivateKey: private.PlaceHolder(),
		Port: w.Port, MTU: w.MTU,
	}
	if d.OwnRoutes = slices.ContainsFunc(w.Peers, func(p topology.Peer) bool { return p.CarriesAll() }); d.OwnRoutes {
		for i := range w.Peers {
			for _, p := range w.Peers[i].Routed() {
				d.Routes = append(d.Routes, p.String())
			}
		}
	}
	for _, r := range vm.Router.RoutesInto(vm.Router.Tunnel(w.Name)) {
		route := r.Prefix.String()
		if r.NextHop.IsValid() {
			route += " via " + r.NextHop.String()
		}
		if r.Distance != 0 {
			route += fmt.Sprintf(" metric %d", r.Distance)
		}
		d.Routes = append(d.Routes, route)
	}
	secrets := []artifact.Secret{private}
	for i := range w.Peers {
		p := peerOf(&w.Peers[i])
		if s := secret(w.Peers[i].PresharedKey); s.Name != "" {
			p.PresharedKey = s.PlaceHolder()
			secrets = append(secrets, s)
		}
		d.Peers = append(d.Peers, p)
	}
	file := artifact.File{Machine: vm.Name, Path: dir + w.Name + ".conf", Format: artifact.WireGuard,
		Step: stepName(w), Secrets: secrets}.Private()
	file, err := templates.File(file, "wireguard/interface.conf.tmpl", d)
	if err != nil {
		return err
	}
	set.Files = append(set.Files, file)
	set.Steps = append(set.Steps, step(vm, w))
	return nil
}

func secret(s topology.Secret) artifact.Secret {
	return artifact.Secret{Name: string(s), Encoding: artifact.Key}
}

func peerOf(p *topology.Peer) peer {
	v := peer{Name: p.Name, PublicKey: p.PublicKey}
	v.Keepalive = p.PersistentKeepalive.Seconds()
	for _, a := range p.Allowed() {
		v.Allowed = append(v.Allowed, a.String())
	}
	if p.Endpoint.IsValid() {
		v.Endpoint = p.Endpoint.String()
	}
	return v
}

func stepName(w *topology.WireGuard) string { return "wireguard-" + w.Name }

// step asks the kernel about the file, on an interface that is never up: neither
// wg(8) nor wg-quick(8) has a check. It restarts the interface, since a reload
// changes no routes. In the end the interface shows the public key of the
// topology, or it was given another private key.
func step(vm *topology.VM, w *topology.WireGuard) artifact.Step {
	unit := "wg-quick@" + w.Name + ".service"
	return artifact.Step{
		Machine: vm.Name, Name: stepName(w), Phase: artifact.Router,
		Summary:  fmt.Sprintf("WireGuard interface %s, port %d", w.Name, w.Port),
		After:    []string{vm.Name + "/router"},
		Packages: []string{"iproute2", "wireguard-tools"},
		Makes:    artifact.Units(unit),
		Check: []string{
			"ip link delete dev wg-try 2> /dev/null || true",
			"ip link add dev wg-try type wireguard",
			fmt.Sprintf("status=0; wg setconf wg-try <(wg-quick strip %s) || status=$?; ip link delete dev wg-try; [ \"$status\" = 0 ]", w.Name),
		},
		Apply: systemd.Restart(unit),
		Verify: []string{
			systemd.IsActive(unit),
			fmt.Sprintf("[ \"$(wg show %s public-key)\" = %s ]", w.Name, w.PublicKey),
		},
	}
}
