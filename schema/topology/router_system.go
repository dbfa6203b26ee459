package topology

import (
	"net/netip"
	"strings"
)

// NTP keeps a router's clock right, and lets some networks ask for the time.
type NTP struct {
	Servers  []NTPServer `json:"servers"`
	Networks []string    `json:"networks,omitempty"` // none: it is a client only
}

// NTPServer is whose time is taken.
type NTPServer struct {
	Name   string `json:"name"` // or address
	Pool   bool   `json:"pool,omitempty"`
	Prefer bool   `json:"prefer,omitempty"`
}

// SSHServer is how a router lets people in; the port is the VM's own.
type SSHServer struct {
	Networks                      []string `json:"networks,omitempty"` // none: it listens everywhere
	DisablePasswordAuthentication bool     `json:"disablePasswordAuthentication,omitempty"`
}

// LLDP tells neighbours on the link who a router is.
type LLDP struct {
	Interfaces []string `json:"interfaces,omitempty"` // none: all
}

// SNMP lets some networks read a router's counters.
type SNMP struct {
	Community Secret   `json:"community"`
	Networks  []string `json:"networks"`
	Location  string   `json:"location,omitempty"`
	Contact   string   `json:"contact,omitempty"`
}

// System is a router as a machine.
type System struct {
	Users    []User       `json:"users,omitempty"` // none: accounts are left alone
	Syslog   []SyslogHost `json:"syslog,omitempty"`
	TimeZone string       `json:"timeZone,omitempty"` // empty: left alone
	Options  Options      `json:"options,omitzero"`
}

// Options are what a router does when something is wrong.
type Options struct {
	RebootOnPanic *bool  `json:"rebootOnPanic,omitempty"` // nil: the platform's default
	CtrlAltDelete string `json:"ctrlAltDelete,omitempty"` // ignore, reboot or poweroff; empty: the platform's default
}

// User is an account on a router.
type User struct {
	Name       string      `json:"name"`
	FullName   string      `json:"fullName,omitempty"`
	PublicKeys []PublicKey `json:"publicKeys,omitempty"`
	Password   Secret      `json:"password,omitempty"` // the hash of it; empty: left alone
}

// PublicKey is a key that lets in.
type PublicKey struct {
	Name string `json:"name"`
	Line string `json:"line"` // of authorized_keys(5), without options
}

// Type is the algorithm of a key: ssh-ed25519.
func (k PublicKey) Type() string { return strings.Fields(k.Line)[0] }

// Body is a key itself, in base64.
func (k PublicKey) Body() string { return strings.Fields(k.Line)[1] }

// SyslogHost is where messages are sent, and which.
type SyslogHost struct {
	Name     string `json:"name"` // or address
	Facility string `json:"facility"`
	Level    string `json:"level"`
	Protocol string `json:"protocol"`
	Port     int    `json:"port"`
}

// User is the account of that name, or nil.
func (s *System) User(name string) *User {
	return find(s.Users, name, func(u *User) string { return u.Name })
}

// AddressesOn are the addresses of a VM on some networks, in their order.
func (v *VM) AddressesOn(networks []string) (all []netip.Addr) {
	for _, n := range networks {
		if a := v.AddressOn(n); a.IsValid() {
			all = append(all, a)
		}
	}
	return all
}
