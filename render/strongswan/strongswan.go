// Package strongswan renders the IPsec peers of a router that is a Debian
// machine, as connections of strongSwan.
//
// It takes a checked topology and gives for each peer a file for swanctl(8), its
// shared key among it, and for each router the step that loads them. Peers of a
// router on VyOS are package vyos's. The syntax is that of swanctl.conf(5),
// version 5.9.
package strongswan

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const (
	stepName = "ipsec"
	unit     = "strongswan.service"
	dir      = "etc/swanctl/conf.d/" // which /etc/swanctl/swanctl.conf includes
)

// Check finds nothing: strongSwan can express all that a topology says.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		if len(vm.Router.IPsec) == 0 {
			continue
		}
		for j := range vm.Router.IPsec {
			p := &vm.Router.IPsec[j]
			file, err := connection(t, vm, p)
			if err != nil {
				return artifact.Set{}, err
			}
			set.Files = append(set.Files, file)
		}
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// view is what the template shows: finished words.
type view struct {
	Name, Router, Description string
	Version                   int
	Local, Remote             string
	IKE, ESP                  string
	IKELifetime, ESPLifetime  string
	Tunnels                   []tunnel
	Secret                    string
}

type tunnel struct {
	Number        int
	Local, Remote string
}

func connection(t *topology.Topology, vm *topology.VM, p *topology.IPsec) (artifact.File, error) {
	secret := artifact.Secret{Name: string(p.PresharedKey), Encoding: artifact.Swanctl}
	v := view{
		Name: p.Name, Router: vm.Name, Description: p.Description,
		Version: map[string]int{"ikev1": 1, "ikev2": 2}[p.IKE.KeyExchange],
		Local:   t.IPsecAddress(vm, p).String(), Remote: p.RemoteAddress.String(),
		IKE: ikeProposal(p.IKE), ESP: espProposal(p.ESP, p.IKE.DHGroup),
		IKELifetime: p.IKE.Lifetime.String(), ESPLifetime: p.ESP.Lifetime.String(),
		Secret: secret.PlaceHolder(),
	}
	for _, u := range p.Tunnels {
		v.Tunnels = append(v.Tunnels, tunnel{u.Number, t.Resolve(vm, u.Local).String(), u.Remote.String()})
	}
	file := artifact.File{Machine: vm.Name, Path: dir + p.Name + ".conf", Format: artifact.SwanctlConf, Step: stepName,
		Secrets: []artifact.Secret{secret}}
	return templates.File(file.Private(), "strongswan/connection.conf.tmpl", v)
}

// groups are strongSwan's words for the groups of Diffie-Hellman.
var groups = map[int]string{14: "modp2048", 15: "modp3072", 16: "modp4096", 19: "ecp256", 20: "ecp384", 21: "ecp521"}

// ciphers are strongSwan's words for those that it calls differently: it counts
// the length of the tag in bytes.
var ciphers = map[string]string{"aes128gcm128": "aes128gcm16", "aes256gcm128": "aes256gcm16"}

// ikeProposal names the cipher, the digest and the group. A cipher with GCM
// protects integrity itself; the digest is then that which makes keys.
func ikeProposal(k topology.IKE) string {
	if cipher, gcm := ciphers[k.Encryption]; gcm {
		return cipher + "-prf" + k.Hash + "-" + groups[k.DHGroup]
	}
	return k.Encryption + "-" + k.Hash + "-" + groups[k.DHGroup]
}

// espProposal is the same for packets; without PFS it has no group.
func espProposal(e topology.ESP, group int) string {
	words := []string{e.Encryption, e.Hash}
	if cipher, gcm := ciphers[e.Encryption]; gcm {
		words = []string{cipher}
	}
	if e.PFS {
		words = append(words, groups[group])
	}
	return strings.Join(words, "-")
}

// step loads all connections. Those that have not changed go on. GCM and elliptic
// curves are in a package of plugins that strongSwan only recommends.
func step(vm *topology.VM) artifact.Step {
	names := make([]string, len(vm.Router.IPsec))
	for i, p := range vm.Router.IPsec {
		names[i] = p.Name
	}
	verify := []string{systemd.IsActive(unit)}
	for _, name := range names {
		verify = append(verify, fmt.Sprintf("swanctl --list-conns | grep '^%s: ' > /dev/null", name))
	}
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "IPsec peers " + strings.Join(names, ", "),
		After:    []string{vm.Name + "/router"},
		Packages: []string{"charon-systemd", "libstrongswan-standard-plugins", "strongswan-swanctl"},
		Makes:    artifact.Units(unit),
		Apply:    append(systemd.Start(unit), "swanctl --load-all > /dev/null"),
		Verify:   verify,
	}
}
