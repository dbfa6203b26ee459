package vyos

import (
	"strconv"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// management is how the router is looked after: who gets in, what time it is,
// who watches it.
func (b builder) management() {
	b.sshServer()
	b.ntp()
	b.lldp()
	b.snmp()
	s := b.vm.Router.System
	for _, u := range s.Users {
		b.user(u)
	}
	for _, h := range s.Syslog {
		b.syslog(h)
	}
	b.root.leaf("system time-zone", s.TimeZone)
	b.systemOptions(s.Options)
}

// sshServer is there in any case: apply comes in by it.
func (b builder) sshServer() {
	n := b.root.at("service ssh")
	n.number("port", b.vm.SSH.Port)
	s := b.vm.Router.SSH
	if s == nil {
		return
	}
	for _, a := range b.vm.AddressesOn(s.Networks) {
		n.leaf("listen-address", a.String())
	}
	if s.DisablePasswordAuthentication {
		n.at("disable-password-authentication").here()
	}
}

func (b builder) ntp() {
	ntp := b.vm.Router.NTP
	if ntp == nil {
		return
	}
	n := b.root.at(b.d.word(ntpService))
	for _, s := range ntp.Servers {
		server := n.at("server", s.Name)
		if !s.Pool && !s.Prefer {
			server.here()
		}
		if s.Pool {
			server.at("pool").here()
		}
		if s.Prefer {
			server.at("prefer").here()
		}
	}
	for _, name := range ntp.Networks {
		n.leaf(b.d.word(ntpClients), b.t.Network(name).Subnet.String())
	}
}

func (b builder) lldp() {
	l := b.vm.Router.LLDP
	if l == nil {
		return
	}
	names := l.Interfaces
	if len(names) == 0 {
		names = []string{"all"}
	}
	for _, name := range names {
		b.root.at("service lldp interface", name).here()
	}
}

func (b builder) snmp() {
	s := b.vm.Router.SNMP
	if s == nil {
		return
	}
	n := b.root.at("service snmp")
	n.leaf("location", s.Location)
	n.leaf("contact", s.Contact)
	community := n.at("community", communityOf(s).PlaceHolder())
	community.leaf("authorization", "ro")
	for _, name := range s.Networks {
		community.leaf("network", b.t.Network(name).Subnet.String())
	}
	for _, a := range b.vm.AddressesOn(s.Networks) {
		n.at("listen-address", a.String()).here()
	}
}

func communityOf(s *topology.SNMP) artifact.Secret {
	return artifact.Secret{Name: string(s.Community), Encoding: artifact.Word}
}

func (b builder) user(u topology.User) {
	n := b.root.at("system login user", u.Name)
	if u.FullName == "" && u.Password == "" && len(u.PublicKeys) == 0 {
		n.here()
	}
	n.leaf("full-name", u.FullName)
	if u.Password != "" {
		n.leaf("authentication encrypted-password", passwordOf(u).PlaceHolder())
	}
	for _, k := range u.PublicKeys {
		key := n.at("authentication public-keys", k.Name)
		key.leaf("key", k.Body())
		key.leaf("type", k.Type())
	}
}

func passwordOf(u topology.User) artifact.Secret {
	return artifact.Secret{Name: string(u.Password), Encoding: artifact.Crypt}
}

func (b builder) syslog(h topology.SyslogHost) {
	n := b.root.at("system syslog host", h.Name)
	facility := n.at("facility", h.Facility)
	facility.leaf("level", h.Level)
	if h.Port != 514 {
		n.number("port", h.Port)
	}
	if h.Protocol == "udp" {
		return // the default of all
	}
	if b.d.has(syslogProtocol) {
		n.leaf("protocol", h.Protocol)
	} else {
		facility.leaf("protocol", h.Protocol)
	}
}

func (b builder) systemOptions(o topology.Options) {
	n := b.root.at(b.d.word(systemOptions))
	n.leaf(b.d.word(ctrlAltDelete), o.CtrlAltDelete)
	switch on := o.RebootOnPanic; {
	case on == nil:
	case !b.d.has(bareOptions):
		n.leaf("reboot-on-panic", strconv.FormatBool(*on))
	case *on:
		n.at("reboot-on-panic").here()
	}
}
