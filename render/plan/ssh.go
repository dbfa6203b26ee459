package plan

import (
	"fmt"
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
	ways := t.AccessPaths()
	for i := range t.Hosts {
		h := &t.Hosts[i]
		s.WriteString(sshHost(h.Name, "", ways.ToHost(h), h.SSH))
	}
	for i := range t.VMs {
		v := &t.VMs[i]
		s.WriteString(sshHost(v.Name, aliasOf(t, v), ways.ToVM(v), v.SSH))
	}
	return artifact.File{Path: sshConfigName, Format: artifact.SSHConfig, Content: s.String()}, nil
}

// sshHost is the block of one machine. The schema leaves no character in these
// words that ssh_config(5) would not take as it is.
func sshHost(name, alias string, w topology.AccessPath, ssh topology.SSH) string {
	lines := []string{"\nHost " + name}
	if w.Address != "" {
		lines = append(lines, "HostName "+w.Address)
	}
	lines = append(lines, "User "+ssh.User, fmt.Sprintf("Port %d", ssh.Port))
	if w.Jump != "" {
		lines = append(lines, "ProxyJump "+w.Jump)
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
