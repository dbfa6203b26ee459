// Package topology is the typed model of a stack: what a topology file says,
// with defaults filled in, units parsed and addresses decoded.
//
// It takes nothing and imports nothing of ours. Package schema builds a
// [Topology] and checks it; renderers read it. Every list is sorted by name
// (rules by number), so that walking it gives equal bytes every time. References
// are kept as the names they were written with; the look-ups in lookup.go
// resolve them.
package topology

import "net/netip"

// APIVersion is the only version of the topology language so far.
const APIVersion = "stackgen/v1"

// Topology is a whole stack.
type Topology struct {
	APIVersion   string        `json:"apiVersion"`
	Name         string        `json:"name"` // names the stack; part of every derived identity
	Description  string        `json:"description,omitempty"`
	Domain       string        `json:"domain"` // DNS domain of all machines
	Networks     []Network     `json:"networks"`
	Hosts        []Host        `json:"hosts"`
	Images       []Image       `json:"images"`
	VMs          []VM          `json:"vms"`
	Certificates []Certificate `json:"certificates,omitempty"`
	VRRP         []VRRPGroup   `json:"vrrp,omitempty"`
	Policies     []Policy      `json:"policies,omitempty"`

	index index
}

// Complete is called once all lists are filled: it gives machines the addresses that
// they share, and builds what look-ups would otherwise walk all VMs for.
func (t *Topology) Complete() {
	t.shareAddresses()
	t.index = indexOf(t)
}

// Policy says how serious the findings of a rule are in this topology.
type Policy struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"` // error, warning or off
	Reason   string   `json:"reason"`
	Paths    []string `json:"paths,omitempty"` // RFC 6901; empty: everywhere
}

// Network is a subnet on a bridge, optionally on one VLAN of it.
type Network struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Bridge      string       `json:"bridge"`
	VLAN        int          `json:"vlan,omitempty"` // 802.1Q tag, 1 to 4094; 0 is untagged
	Subnet      netip.Prefix `json:"subnet"`
	Gateway     netip.Addr   `json:"gateway,omitzero"`
	MTU         int          `json:"mtu,omitempty"` // bytes; 0 leaves the device's default
	NameServers []netip.Addr `json:"nameServers,omitempty"`
}

// Host is a hypervisor: a Debian machine with Open vSwitch and libvirt.
type Host struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	OS          string   `json:"os"`
	Bridges     []Bridge `json:"bridges"`
	Pools       []Pool   `json:"pools"`
	Capacity    Capacity `json:"capacity,omitzero"`
	Packages    []string `json:"packages,omitempty"` // beyond those the stack itself needs
	SSH         SSH      `json:"ssh"`
}

// Capacity is what a host has; zero is unknown.
type Capacity struct {
	CPUs   int  `json:"cpus,omitempty"`
	Memory Size `json:"memory,omitempty"`
}

// SSH says how apply reaches a machine.
type SSH struct {
	User    string `json:"user"`
	Port    int    `json:"port"`
	Address string `json:"address,omitempty"` // name or address; empty: the machine's own address in the model
}

// Bridge is an Open vSwitch bridge. One with an address is also an interface
// of its host.
type Bridge struct {
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Datapath    string     `json:"datapath"` // system or netdev
	Ports       []string   `json:"ports,omitempty"`
	Bonds       []Bond     `json:"bonds,omitempty"`
	Network     string     `json:"network,omitempty"` // of Address
	Address     netip.Addr `json:"address,omitzero"`
	Broadcast   netip.Addr `json:"broadcast,omitzero"` // given only when the user gave it
	FailMode    string     `json:"failMode"`           // standalone or secure
	STP         bool       `json:"stp,omitempty"`
}

// Bond is an Open vSwitch bond, a bridge port made of two or more interfaces.
type Bond struct {
	Name       string   `json:"name"`
	Interfaces []string `json:"interfaces"`
	Mode       string   `json:"mode"` // active-backup, balance-slb or balance-tcp
	LACP       string   `json:"lacp"` // off, passive or active
}

// Pool is a directory of disk images on a host.
type Pool struct {
	Name     string `json:"name"`
	Path     string `json:"path"`
	Capacity Size   `json:"capacity,omitempty"` // zero: unknown
}

// Image is a file on the hosts that disks are made from or guests installed from.
type Image struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Path        string `json:"path"`
	Format      string `json:"format"` // qcow2, raw or iso

	// Where it comes from: one of the two, or neither, and then somebody puts it there.
	Source *ImageSource `json:"source,omitempty"`
	Build  *ImageBuild  `json:"build,omitempty"`
}

// ImageSource is where each host fetches an image.
type ImageSource struct {
	URL    string `json:"url"` // http, https or file
	SHA256 string `json:"sha256,omitempty"`
	SHA512 string `json:"sha512,omitempty"`
}

// ImageBuild is what each host makes an image of.
type ImageBuild struct {
	OS       string   `json:"os"`
	Size     Size     `json:"size"`
	Packages []string `json:"packages,omitempty"` // beyond those of every image
}

// VM is a virtual machine and the services that run in it.
type VM struct {
	Name           string      `json:"name"`
	Description    string      `json:"description,omitempty"`
	RenamedFrom    string      `json:"renamedFrom,omitempty"` // the name that its identity and its disks come from
	Host           string      `json:"host"`
	OS             string      `json:"os,omitempty"` // empty: not Debian; only the router block configures it
	Type           string      `json:"type"`         // kvm or qemu
	Machine        string      `json:"machine"`      // q35 or pc
	VCPUs          int         `json:"vcpus"`
	Memory         Size        `json:"memory"`
	UUID           string      `json:"uuid"`
	Autostart      bool        `json:"autostart"`
	Disks          []Disk      `json:"disks"`
	Interfaces     []Interface `json:"interfaces"`
	Install        *Install    `json:"install,omitempty"`
	Boot           *Boot       `json:"boot,omitempty"`
	Graphics       *Graphics   `json:"graphics,omitempty"`
	Serial         *Serial     `json:"serial,omitempty"`
	Provision      string      `json:"provision"` // offline, cloud-init or none
	SSH            SSH         `json:"ssh"`
	Packages       []string    `json:"packages,omitempty"`
	AuthorizedKeys []string    `json:"authorizedKeys,omitempty"` // public keys that first boot lets in
	Files          []File      `json:"files,omitempty"`
	Libvirt        *Libvirt    `json:"libvirt,omitempty"`

	Services []Program `json:"services,omitempty"`

	Router  *Router  `json:"router,omitempty"`
	Varnish *Varnish `json:"varnish,omitempty"`
	Nginx   *Nginx   `json:"nginx,omitempty"`
	PHP     *PHP     `json:"php,omitempty"`
	MariaDB *MariaDB `json:"mariadb,omitempty"`
}

// Disk is a virtual disk; its name is the target device, such as vda.
type Disk struct {
	Name        string `json:"name"`
	RenamedFrom string `json:"renamedFrom,omitempty"` // the name that its file comes from
	Size        Size   `json:"size"`
	Pool        string `json:"pool"`
	Image       string `json:"image,omitempty"` // copied when the disk is made; empty: a blank disk
	Clone       string `json:"clone"`           // copy or overlay: how Image becomes the disk
	Cache       string `json:"cache,omitempty"` // libvirt's cache mode; empty leaves the hypervisor's default
}

// Install boots a guest from an installation medium.
type Install struct {
	CDROM string `json:"cdrom"` // an image of format iso
}

// Boot starts a guest's kernel directly, without boot loader.
type Boot struct {
	Kernel  string `json:"kernel"`
	Initrd  string `json:"initrd,omitempty"`
	Cmdline string `json:"cmdline,omitempty"`
}

// Graphics is a guest's remote display.
type Graphics struct {
	Type   string     `json:"type"` // vnc or spice
	Listen netip.Addr `json:"listen"`
}

// Serial is what becomes of a guest's serial console besides being there for
// virsh console.
type Serial struct {
	Log string `json:"log,omitempty"` // a file on the host that gets all that the guest writes
}

// Libvirt is what the model has no word for.
type Libvirt struct {
	ExtraXML string `json:"extraXML,omitempty"` // elements merged into <devices>
}

// File is a file that the user hands to a VM as it is.
type File struct {
	Path    string `json:"path"`
	Content string `json:"content"`
	Mode    uint32 `json:"mode"` // permission bits
	Owner   string `json:"owner"`
	Group   string `json:"group"`

	// OnChange is what a program needs to take up another content: restart, reload or
	// nothing. It is empty of a file of no program.
	OnChange string `json:"onChange,omitempty"`
}

// Secret is the name of a secret, never its value.
type Secret string

// Target names a machine, a network or an address, with an optional port. At
// most one of VM, Network, Address and the groups of addresses is set. Only the
// rules of a firewall have groups and Not.
type Target struct {
	VM           string       `json:"vm,omitempty"`
	Network      string       `json:"network,omitempty"`
	Address      netip.Prefix `json:"address,omitzero"` // a single address is a prefix of full length
	AddressGroup string       `json:"addressGroup,omitempty"`
	NetworkGroup string       `json:"networkGroup,omitempty"`
	Not          bool         `json:"not,omitempty"` // all addresses but these
	Port         Ports        `json:"port,omitempty"`
	PortGroup    string       `json:"portGroup,omitempty"`
}
