package guest

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// seedIsRead is what cloud-init does from its second start on: nothing to what
// apply brings up to date.
const seedIsRead = `network:
  config: disabled
preserve_hostname: true
manage_etc_hosts: false
`

// addCloudInit adds what makes these files last on a guest that cloud-init has told
// who it is: it leaves them alone, and interfaces keep the names that its own
// configuration gave them (systemd.link(5)).
func addCloudInit(set *artifact.Set, vm *topology.VM) {
	if vm.Provision != "cloud-init" {
		return
	}
	add(set, vm, "etc/cloud/cloud.cfg.d/99-stackgen.cfg", artifact.CloudSystem, "# "+artifact.Header+"\n"+seedIsRead)
	for _, i := range vm.Cards() {
		add(set, vm, "etc/systemd/network/10-"+i.Name+".link", artifact.SystemdLink,
			fmt.Sprintf("# %s\n[Match]\nMACAddress=%s\n\n[Link]\nName=%s\n", artifact.Header, strings.ToLower(i.MAC), i.Name))
	}
}

// replaceNetworkd leaves the network to ifup from the next boot on. Debian's cloud
// images have netplan and networkd for it, which would give the interfaces their
// addresses a second time, and those of DHCP too; what is up stays up until then.
func replaceNetworkd(vm *topology.VM, s *artifact.Step) {
	if vm.Provision != "cloud-init" {
		return
	}
	s.Apply = append(s.Apply,
		`for f in /etc/netplan/*.yaml; do [ ! -e "$f" ] || mv "$f" "$f.unused"; done`,
		"systemctl --quiet disable systemd-networkd.service systemd-networkd-wait-online.service",
		"systemctl --quiet enable networking.service")
	s.Verify = append(s.Verify, "! compgen -G '/etc/netplan/*.yaml' > /dev/null",
		"systemctl --quiet is-enabled networking.service")
}
