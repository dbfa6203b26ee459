package vyos

import (
	"regexp"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// ethernet is how VyOS names the interfaces of a virtual machine in every
// release.
var ethernet = regexp.MustCompile(`^eth(0|[1-9][0-9]{0,2})$`)

// oldMTU is the most that releases without jumboFrames set.
const oldMTU = 9000

func (c checker) interfaces() {
	if len(c.vm.Name) < 2 {
		c.diags.Errorf("vyos/host-name", c.base, "%q is no host name to VyOS", c.vm.Name).AtKey().
			Hintf("write at least two characters")
	}
	for _, i := range c.vm.Interfaces {
		path := diag.Join(c.base, "interfaces", i.Name)
		c.text(path, i.Description)
		if i.Kind() == topology.Card && !ethernet.MatchString(i.Name) {
			c.diags.Errorf("vyos/interface-name", path, "VyOS does not name an interface %q", i.Name).
				AtKey().Hintf("write eth0, eth1 and so on, in the order of the cards")
		}
		if i.Kind() == topology.Dummy {
			c.unsupported(dummies, "dummy", path, "dummy interfaces", "write the addresses in lo")
		}
		c.mtu(path, i)
	}
}

// mtu reports one that there is no word for: VyOS leaves that of the loopback
// alone, and old releases that of a dummy.
func (c checker) mtu(path string, i topology.Interface) {
	key := "network"
	if i.MTU != 0 {
		key = "mtu"
	}
	path = diag.Join(path, key)
	switch mtu := c.t.MTUOf(i); {
	case mtu == 0:
	case i.Kind() == topology.Loopback:
		c.diags.Errorf("vyos/loopback-mtu", path, "VyOS cannot set the MTU of %q", i.Name).Hintf("leave it out")
	case i.Kind() == topology.Dummy:
		c.unsupported(dummyMTU, "mtu", path, "MTU of a dummy interface", "leave it out")
	case mtu > oldMTU:
		c.unsupported(jumboFrames, "mtu", path, "MTU above 9000", "give it a smaller mtu")
	}
}
