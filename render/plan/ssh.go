package plan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// sshConfigName is an ssh_config(5) that knows every machine of the stack, for
// apply and for people: ssh -F out/ssh_config lb01.
const sshConfigName = "ssh_config"

// SSHConfig tells how ssh reaches the machines. It does not look at the set.
func SSHConfig(t *topology.Topology, _ artifact.Set) (artifact.File, error) {
	var s strings.Builder
	s.WriteString("# " + artifact.Header + "\n# The machines of " + t.Name + ": ssh -F ssh_config MACHINE\n")
	routes := accessPathsOf(t)
	for i := range t.Hosts {
		h := &t.Hosts[i]
		s.WriteString(sshHost(h.Name, "", routes.toHost(h), h.SSH))
	}
	for i := range t.VMs {
		v := &t.VMs[i]
		s.WriteString(sshHost(v.Name, aliasOf(t, v), routes.toVM(v), v.SSH))
	}
	return artifact.File{Path: sshConfigName, Format: artifact.SSHConfig, Content: s.String()}, nil
}

// sshHost is the block of one machine. The schema leaves no character in these
// words that ssh_config(5) would not take as it is.
func sshHost(name, alias string, r route, ssh topology.SSH) string {
	lines := []string{"\nHost " + name}
	if r.address != "" {
		lines = append(lines, "HostName "+r.address)
	}
	lines = append(lines, "User "+ssh.User, fmt.Sprintf("Port %d", ssh.Port))
	if r.jump != "" {
		lines = append(lines, "ProxyJump "+r.jump)
	}
	if alias != "" {
		lines = append(lines, "HostKeyAlias "+alias)
	}
	return strings.Join(lines, "\n  ") + "\n"
}

// knowsKeys reports whether the host key of a VM is made by first boot: apply
// reads it from the VM's host and need not trust the first connection.
func knowsKeys(v *topology.VM) bool {
	return v.OS != "" && (v.Provision == "offline" || v.Provision == "cloud-init")
}

// aliasOf is the name under which a VM's own host key is kept. Its address is
// likely to be used by another stack as well.
func aliasOf(t *topology.Topology, v *topology.VM) string {
	if !knowsKeys(v) {
		return ""
	}
	return v.Name + "." + t.Name
}

// route is how a machine is reached: at an address, which is empty when only
// its name is known, and through another machine or directly.
type route struct{ address, jump string }

// accessPaths knows how the machines of a stack are reached.
type accessPaths struct {
	t        *topology.Topology
	managing map[string]bool // the networks that a host is managed on
}

func accessPathsOf(t *topology.Topology) accessPaths {
	var managed []netip.Addr
	for i := range t.Hosts {
		if a := management(t, &t.Hosts[i]); a.IsValid() {
			managed = append(managed, a)
		}
	}
	w := accessPaths{t, map[string]bool{}}
	for _, n := range t.Networks {
		w.managing[n.Name] = slices.ContainsFunc(managed, n.Subnet.Contains)
	}
	return w
}

func (w accessPaths) toHost(h *topology.Host) route {
	if h.SSH.Address != "" {
		return route{address: h.SSH.Address}
	}
	return route{address: addressText(management(w.t, h))}
}

// management is the address that a host is managed at: the one on a network
// that leads out of the topology, where there is one.
func management(t *topology.Topology, h *topology.Host) netip.Addr {
	for _, b := range h.Bridges {
		n := t.Network(b.Network)
		if b.Address.IsValid() && n != nil && n.Gateway.IsValid() && t.RouterOf(n) == nil {
			return b.Address
		}
	}
	return h.ManagementAddress()
}

// toVM looks for the shortest way to a VM: on a network that hosts are managed on,
// from its host, or through the router of its network.
func (w accessPaths) toVM(v *topology.VM) route {
	if v.SSH.Address != "" {
		return route{address: v.SSH.Address}
	}
	for _, way := range []func(accessPaths, *topology.VM, topology.Interface) (string, bool){accessPaths.direct,
		accessPaths.throughHost,
		accessPaths.throughRouter} {
		for _, i := range v.Interfaces {
			if jump, ok := way(w, v, i); ok && i.Address.IsValid() {
				return route{addressText(i.Address), jump}
			}
		}
	}
	return route{address: addressText(w.t.AddressOf(nil, v.Name))}
}

func (w accessPaths) direct(_ *topology.VM, i topology.Interface) (string, bool) {
	return "", w.managing[i.Network]
}

func (w accessPaths) throughHost(v *topology.VM, i topology.Interface) (string, bool) {
	h := w.t.Host(v.Host)
	return v.Host, h != nil && slices.ContainsFunc(h.Bridges, func(b topology.Bridge) bool {
		return b.Address.IsValid() && b.Network == i.Network
	})
}

// throughRouter takes only a router that is itself reached without another
// router: a chain of them has no shortest end.
func (w accessPaths) throughRouter(v *topology.VM, i topology.Interface) (string, bool) {
	n := w.t.Network(i.Network)
	if n == nil {
		return "", false
	}
	r := w.t.RouterOf(n)
	if r == nil || r == v {
		return "", false
	}
	return r.Name, w.withoutRouter(r)
}

func (w accessPaths) withoutRouter(r *topology.VM) bool {
	return r.SSH.Address != "" || slices.ContainsFunc(r.Interfaces, func(i topology.Interface) bool {
		_, isDirect := w.direct(r, i)
		_, isThroughHost := w.throughHost(r, i)
		return isDirect || isThroughHost
	})
}

// addressText is an address, or nothing for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
