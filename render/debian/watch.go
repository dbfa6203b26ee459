package debian

import (
	"fmt"
	"net/netip"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/topology"
)

// clock is chrony. The file takes the place of the package's own, whose servers
// would be asked as well.
func clock(t *topology.Topology, vm *topology.VM) part {
	ntp := vm.Router.NTP
	if ntp == nil {
		return part{}
	}
	text := head("The clock of " + vm.Name)
	for _, s := range ntp.Servers {
		text += map[bool]string{true: "pool ", false: "server "}[s.Pool] + s.Name + " iburst"
		if s.Prefer {
			text += " prefer"
		}
		text += "\n"
	}
	for _, n := range ntp.Networks {
		text += "allow " + t.Network(n).Subnet.String() + "\n"
	}
	text += "driftfile /var/lib/chrony/chrony.drift\nmakestep 1 3\nrtcsync\n"
	const path, unit = "etc/chrony/chrony.conf", "chrony.service"
	return part{
		step: artifact.Step{Name: "clock", Summary: "clock", Packages: []string{"chrony"},
			Check: []string{"chronyd -p -f /" + path + " > /dev/null"},
			Apply: systemd.Restart(unit), Verify: []string{systemd.IsActive(unit)}},
		files: []file{{path: path, format: artifact.Chrony, mode: 0o644, text: text}},
	}
}

// log is rsyslog, which sends messages on beside what it writes itself.
func log(_ *topology.Topology, vm *topology.VM) part {
	hosts := vm.Router.System.Syslog
	if len(hosts) == 0 {
		return part{}
	}
	text := head("Where the log of " + vm.Name + " goes")
	for _, h := range hosts {
		facility := h.Facility
		if facility == "all" {
			facility = "*"
		}
		text += facility + "." + h.Level + " " + map[string]string{"udp": "@", "tcp": "@@"}[h.Protocol] + hostPort(h) + "\n"
	}
	const path, unit = "etc/rsyslog.d/60-router.conf", "rsyslog.service"
	return part{
		step: artifact.Step{Name: "log", Summary: "log to other hosts", Packages: []string{"rsyslog"},
			Check: []string{"rsyslogd -N1"}, Apply: systemd.Restart(unit), Verify: []string{systemd.IsActive(unit)}},
		files: []file{{path: path, format: artifact.Rsyslog, mode: 0o644, text: text}},
	}
}

// hostPort puts an IPv6 address in brackets.
func hostPort(h topology.SyslogHost) string {
	name := h.Name
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	return fmt.Sprintf("%s:%d", name, h.Port)
}

// agent is snmpd, which needs no more than a community to read everything. The
// file takes the place of the package's own: nobody else may ask.
func agent(t *topology.Topology, vm *topology.VM) part {
	s := vm.Router.SNMP
	if s == nil {
		return part{}
	}
	secret := artifact.Secret{Name: string(s.Community), Encoding: artifact.Word}
	var listen []string
	community := map[bool]string{true: "rocommunity ", false: "rocommunity6 "}
	text := head("Who may read the counters of " + vm.Name)
	for _, n := range s.Networks {
		a := vm.AddressOn(n)
		listen = append(listen, map[bool]string{true: "udp:", false: "udp6:"}[a.Is4()]+netip.AddrPortFrom(a, 161).String())
		text += community[a.Is4()] + secret.PlaceHolder() + " " + t.Network(n).Subnet.String() + "\n"
	}
	text += "agentaddress " + strings.Join(listen, ",") + "\nsysName " + t.FQDN(vm.Name) + "\n"
	if s.Location != "" {
		text += "sysLocation " + s.Location + "\n"
	}
	if s.Contact != "" {
		text += "sysContact " + s.Contact + "\n"
	}
	const path, unit = "etc/snmp/snmpd.conf", "snmpd.service"
	return part{
		step: artifact.Step{Name: "snmp", Summary: "SNMP agent", Packages: []string{"snmpd"}, Makes: artifact.Units(unit),
			Apply: systemd.Restart(unit), Verify: []string{systemd.IsActive(unit)}},
		files: []file{{path: path, format: artifact.SNMP, mode: 0o600, text: text, secrets: []artifact.Secret{secret}}},
	}
}

// neighbours is lldpd.
func neighbours(_ *topology.Topology, vm *topology.VM) part {
	l := vm.Router.LLDP
	if l == nil {
		return part{}
	}
	names := "*"
	if len(l.Interfaces) > 0 {
		names = strings.Join(l.Interfaces, ",")
	}
	const path, unit = "etc/lldpd.d/router.conf", "lldpd.service"
	return part{
		step: artifact.Step{Name: "lldp", Summary: "LLDP", Packages: []string{"lldpd"}, Makes: artifact.Units(unit),
			Apply: systemd.Restart(unit), Verify: []string{systemd.IsActive(unit)}},
		files: []file{{path: path, format: artifact.LLDP, mode: 0o644,
			text: head("On which links "+vm.Name+" says who it is") +
				fmt.Sprintf("configure system interface pattern %s\n", names)}},
	}
}
