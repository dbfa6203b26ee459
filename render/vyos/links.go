package vyos

import (
	"strings"

	"stackgen/schema/diag"
)

func (b builder) routerAdverts() {
	for _, a := range b.vm.Router.RouterAdverts {
		n := b.root.at("service router-advert interface", a.Name)
		if a.ManagedFlag {
			n.at("managed-flag").here()
		}
		if a.OtherConfigFlag {
			n.at("other-config-flag").here()
		}
		for _, server := range a.NameServers {
			n.leaf("name-server", server.String())
		}
		if i := b.vm.Interface(a.Name); i != nil {
			for _, p := range b.t.Prefixes(*i) {
				n.at("prefix", p.String()).here()
			}
		}
	}
}

// shapers are policies, each named after the interface that it is for.
func (b builder) shapers() {
	for _, s := range b.vm.Router.Shapers {
		name := "shaper-" + strings.ReplaceAll(s.Name, ".", "-")
		n := b.root.at(b.d.word(shaper), name)
		n.leaf("description", s.Description)
		n.leaf("bandwidth", s.Bandwidth)
		n.leaf("default bandwidth", "100%")
		if b.d.has(qosInterfaces) {
			b.root.at("qos interface", s.Name).leaf("egress", name)
		} else {
			b.iface(s.Name).leaf("traffic-policy out", name)
		}
	}
}

func (c checker) links() {
	for _, a := range c.vm.Router.RouterAdverts {
		c.unsupported(routerAdverts, "router-advert", c.path("routerAdvert", a.Name),
			"router advertisements that stackgen knows", "give the machines static IPv6 addresses")
	}
	for _, s := range c.vm.Router.Shapers {
		path := c.path("shapers", s.Name)
		c.text(path, s.Description)
		if strings.HasPrefix(s.Name, "wg") || strings.HasPrefix(s.Name, "vtun") || s.Name == "lo" {
			c.diags.Errorf("vyos/shaper-interface", path, "%q cannot have a shaper on every release", s.Name).AtKey().
				Hintf("shape the interface that the tunnel leaves by: %s", diag.Path("vms", c.vm.Name, "interfaces"))
		}
	}
}
