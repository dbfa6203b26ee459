package decode

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// decodeRouterSystem reads how a router is looked after.
func decodeRouterSystem(r *topology.Router, o object) {
	if n := o.obj("ntp"); n != nil {
		r.NTP = &topology.NTP{Networks: n.strs("networks"),
			Servers: each(n, "servers", func(name string, o object) topology.NTPServer {
				return topology.NTPServer{Name: name, Pool: o.boolOr("pool", false), Prefer: o.boolOr("prefer", false)}
			})}
	}
	if s := o.obj("ssh"); s != nil {
		r.SSH = &topology.SSHServer{Networks: s.strs("networks"),
			DisablePasswordAuthentication: s.boolOr("disablePasswordAuthentication", false)}
	}
	if l := o.obj("lldp"); l != nil {
		r.LLDP = &topology.LLDP{Interfaces: l.strs("interfaces")}
	}
	if s := o.obj("snmp"); s != nil {
		r.SNMP = &topology.SNMP{Community: s.secret("community"), Networks: s.strs("networks"), Location: s.str("location"),
			Contact: s.str("contact")}
	}
	system := o.obj("system")
	r.System = topology.System{
		Users:    each(system, "users", decodeUser),
		Syslog:   each(system, "syslog", decodeSyslogHost),
		TimeZone: system.str("timeZone"),
		Options:  topology.Options{CtrlAltDelete: system.obj("options").str("ctrlAltDelete")},
	}
	if options := system.obj("options"); options.has("rebootOnPanic") {
		on := options.boolOr("rebootOnPanic", false)
		r.System.Options.RebootOnPanic = &on
	}
}

func decodeUser(name string, o object) topology.User {
	u := topology.User{Name: name, FullName: o.str("fullName"), Password: o.secret("password")}
	keys := o.obj("publicKeys")
	for _, k := range diag.Keys(map[string]any(keys)) {
		u.PublicKeys = append(u.PublicKeys, topology.PublicKey{Name: k, Line: keys.str(k)})
	}
	return u
}

func decodeSyslogHost(name string, o object) topology.SyslogHost {
	return topology.SyslogHost{
		Name: name, Facility: o.strOr("facility", "all"), Level: o.strOr("level", "info"),
		Protocol: o.strOr("protocol", "udp"), Port: o.intOr("port", 514),
	}
}
