package vyos

import (
	"net/netip"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

func (b builder) wireGuard() {
	for i := range b.vm.Router.WireGuard {
		w := &b.vm.Router.WireGuard[i]
		n := b.iface(w.Name)
		n.leaf("description", w.Description)
		n.leaf("address", netip.PrefixFrom(w.Address, w.Subnet.Bits()).String())
		n.number("port", w.Port)
		n.number("mtu", w.MTU)
		n.leaf("private-key", b.privateKey(w))
		for j := range w.Peers {
			b.peer(n.at("peer", w.Peers[j].Name), w.Name, &w.Peers[j])
		}
	}
}

// privateKey is the key itself, or in a release without a store of keys the name
// of the folder below /config/auth/wireguard that has it.
func (b builder) privateKey(w *topology.WireGuard) string {
	if b.d.has(keyStore) {
		return wireGuardKey(w.PrivateKey).PlaceHolder()
	}
	return w.Name
}

func wireGuardKey(s topology.Secret) artifact.Secret {
	return artifact.Secret{Name: string(s), Encoding: artifact.Key}
}

// peer makes the other end and the routes to what is behind it, which VyOS does
// not make of allowed-ips.
func (b builder) peer(n node, device string, p *topology.Peer) {
	n.leaf(b.d.word(peerKey), p.PublicKey)
	if p.PresharedKey != "" {
		n.leaf("preshared-key", wireGuardKey(p.PresharedKey).PlaceHolder())
	}
	for _, a := range p.Allowed() {
		n.leaf("allowed-ips", a.String())
	}
	if p.Endpoint.IsValid() {
		n.leaf("address", p.Endpoint.Addr().String())
		n.number("port", int(p.Endpoint.Port()))
	}
	n.number("persistent-keepalive", p.PersistentKeepalive.Seconds())
	for _, a := range p.Routed() {
		b.route(topology.StaticRoute{Prefix: a, Interface: device})
	}
}

// wireGuardSecrets are those in the commands of a release.
func wireGuardSecrets(vm *topology.VM, d dialect) (all []topology.Secret) {
	for _, w := range vm.Router.WireGuard {
		if d.has(keyStore) {
			all = append(all, w.PrivateKey)
		}
		for _, p := range w.Peers {
			if p.PresharedKey != "" {
				all = append(all, p.PresharedKey)
			}
		}
	}
	return all
}

// wireGuardFiles are the private keys of a release that has them in files. wg(8)
// reads the key and nothing else from such a file.
func wireGuardFiles(vm *topology.VM) (files []artifact.File) {
	for _, w := range vm.Router.WireGuard {
		secret := wireGuardKey(w.PrivateKey)
		path := "/config/auth/wireguard/" + w.Name + "/private.key"
		files = append(files, artifact.File{
			Machine: vm.Name, Path: path[1:], Format: artifact.KeyFile, Step: stepName,
			Content: secret.PlaceHolder() + "\n",
			Install: &artifact.Install{Path: path, Owner: "root", Group: "vyattacfg", Mode: 0o600},
			Secrets: []artifact.Secret{secret},
		})
	}
	return files
}
