package vyos

import "stackgen/schema/diag"

// vrrp is the part of a router in the groups that it shares addresses in.
func (b builder) vrrp() {
	for _, m := range b.t.VRRPOf(b.vm) {
		n := b.root.at("high-availability vrrp group", m.Group.Name)
		n.leaf("description", m.Group.Description)
		n.number("vrid", m.Group.VRID)
		n.leaf("interface", m.Interface.Name)
		n.number("priority", m.Priority)
		n.number("advertise-interval", m.Group.AdvertiseInterval)
		if !m.Group.Preempt {
			n.at("no-preempt").here()
		}
		n.at(b.d.word(sharedAddress), b.t.AddressWithin(m.Group.Network, m.Group.Address).String()).here()
	}
}

func (c checker) vrrp() {
	for _, m := range c.t.VRRPOf(c.vm) {
		path := diag.Path("vrrp", m.Group.Name)
		c.unsupported(vrrp, "vrrp", path, "VRRP that stackgen knows", "take the address into one router's interface")
		c.text(path, m.Group.Description)
	}
}
