package firstboot

import (
	"net/netip"
	"strings"

	"stackgen/schema/topology"
)

// network is a configuration of the network in version 2 of cloud-init's format.
type network struct {
	Version   int               `yaml:"version"`
	Ethernets map[string]device `yaml:"ethernets"`
	Bonds     map[string]device `yaml:"bonds,omitempty"`
	VLANs     map[string]device `yaml:"vlans,omitempty"`
}

// device is one of any kind. A card is found by its MAC address: what the image
// calls it is its business.
type device struct {
	Match       *match       `yaml:"match,omitempty"`
	SetName     string       `yaml:"set-name,omitempty"`
	Interfaces  []string     `yaml:"interfaces,omitempty"` // of a bond
	Parameters  *parameters  `yaml:"parameters,omitempty"`
	ID          int          `yaml:"id,omitempty"` // of a VLAN
	Link        string       `yaml:"link,omitempty"`
	DHCP4       bool         `yaml:"dhcp4"`
	DHCP6       bool         `yaml:"dhcp6"`
	MTU         int          `yaml:"mtu,omitempty"`
	Addresses   []string     `yaml:"addresses,omitempty"`
	Routes      []route      `yaml:"routes,omitempty"`
	NameServers *nameServers `yaml:"nameservers,omitempty"`
}

type match struct {
	MACAddress string `yaml:"macaddress"`
}

type parameters struct {
	Mode string `yaml:"mode"`
}

type route struct {
	To     string `yaml:"to"`
	Via    string `yaml:"via"`
	OnLink bool   `yaml:"on-link,omitempty"`
}

type nameServers struct {
	Search    []string `yaml:"search,omitempty"`
	Addresses []string `yaml:"addresses"`
}

// networkConfig is how apply reaches a guest until its own files are in effect.
// VyOS has its addresses from its commands, and is told to ask no one for others.
func networkConfig(t *topology.Topology, vm *topology.VM) network {
	config := network{Version: 2, Ethernets: map[string]device{}, Bonds: map[string]device{}, VLANs: map[string]device{}}
	for _, i := range vm.Interfaces {
		switch {
		case vm.OS == "" && i.Kind() == topology.Card:
			config.Ethernets[i.Name] = device{}
		case vm.OS == "":
		case i.Kind() == topology.Card:
			d := deviceOf(t, vm, i)
			d.Match, d.SetName = &match{strings.ToLower(i.MAC)}, i.Name
			config.Ethernets[i.Name] = d
		case i.Kind() == topology.Bonding && i.Bond != nil:
			d := deviceOf(t, vm, i)
			d.Interfaces, d.Parameters = i.Bond.Interfaces, &parameters{i.Bond.Mode}
			config.Bonds[i.Name] = d
		case i.Kind() == topology.VLAN:
			d := deviceOf(t, vm, i)
			d.Link, d.ID = i.Parent()
			config.VLANs[i.Name] = d
		}
	}
	return config
}

// deviceOf is what devices of all kinds have.
func deviceOf(t *topology.Topology, vm *topology.VM, i topology.Interface) device {
	d := device{DHCP4: i.DHCP, DHCP6: i.DHCPv6, MTU: t.MTUOf(i)}
	for _, a := range t.AddressesOf(i) {
		d.Addresses = append(d.Addresses, a.String())
	}
	if routed, gateway := t.DefaultRoute(vm); routed == i.Name {
		d.Routes = append(d.Routes, route{everywhere(gateway), gateway.String(), t.Network(i.Network).OnLinkGateway()})
	}
	for _, r := range t.RoutesOf(vm) {
		if r.NextHop.IsValid() && t.BringsUp(vm, r).Name == i.Name {
			d.Routes = append(d.Routes, route{To: r.Prefix.String(), Via: r.NextHop.String()})
		}
	}
	if n := t.Network(i.Network); n != nil {
		d.NameServers = resolvers(t, n, i)
	}
	return d
}

// everywhere is where a default route leads to. The word default came to
// cloud-init only after the release of Debian 12.
func everywhere(gateway netip.Addr) string {
	if gateway.Is4() {
		return "0.0.0.0/0"
	}
	return "::/0"
}

func resolvers(t *topology.Topology, n *topology.Network, i topology.Interface) *nameServers {
	if !i.Address.IsValid() || len(n.NameServers) == 0 {
		return nil
	}
	s := new(nameServers)
	if t.Domain != "" {
		s.Search = []string{t.Domain}
	}
	for _, a := range n.NameServers {
		s.Addresses = append(s.Addresses, a.String())
	}
	return s
}
