package render_test

import "slices"

// randomSystem adds what the router is looked after by. What old releases lack
// has a small chance there.
func randomSystem(d dice, s *stack) {
	old := slices.Contains([]string{"vc6.6", "1.1"}, s.version)
	newer := func(percent int) bool { return d.chance(3) || !old && d.chance(percent) }
	if d.chance(60) {
		ntp := object{"servers": object{one(d, "pool.ntp.org", "192.0.2.123", "2001:db8::123"): object{"prefer": d.chance(50), "pool": newer(40)}}}
		if newer(50) {
			ntp["networks"] = some(d, s.networks...)
		}
		s.router["ntp"] = ntp
	}
	if d.chance(50) {
		s.router["ssh"] = object{"networks": append([]string{"wan"}, some(d, s.networks...)...), "disablePasswordAuthentication": d.chance(50)}
	}
	if newer(50) {
		s.router["lldp"] = one(d, object{}, object{"interfaces": some(d, s.interfaces...)})
	}
	if d.chance(50) {
		s.router["snmp"] = object{"community": object{"secret": "snmp"}, "networks": some(d, s.networks...), "location": one(d, "rack 7, left", "$(id) # {x} // `"), "contact": "noc@example.net"}
	}
	s.router["system"] = randomMachine(d, newer)
}

func randomMachine(d dice, newer func(percent int) bool) object {
	const (
		rsa     = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC+/5RfqsJOk7IeiY5r9LOV230UbA5op8JNBlSGDOYQ7pIC8dmwA8s7tDbSl4vJIl44CwFUXmnx2kMnVlDdceLjvqhOyKoHnc/FnGImki/vywd+EsB2/zNGa16UWdJxfZKEc50GeBoymBpzVyZc5jf8lMej16P7xsze9ikXc21Htw== bob"
		ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w"
	)
	system := object{}
	if d.chance(50) {
		alice := object{"publicKeys": object{one(d, "laptop", "A.b_c-9"): rsa}, "fullName": one(d, "", "Alice B.", "Größe; {x} // $(id)")}
		if newer(50) {
			alice["publicKeys"] = object{"other": ed25519 + " a@b #"}
		}
		if d.chance(50) {
			alice["password"] = object{"secret": "alice"}
		}
		system["users"] = object{"vyos": object{"publicKeys": object{"apply": rsa}}, one(d, "alice", "_a-9"): alice}
	}
	if d.chance(50) {
		host := object{"facility": one(d, "all", "auth", "local7"), "level": one(d, "debug", "err", "emerg")}
		if newer(50) {
			host["port"], host["protocol"] = d.port(), one(d, "udp", "tcp")
		}
		system["syslog"] = object{one(d, "log.example.net", "192.0.2.9", "2001:db8::9"): host}
	}
	if d.chance(50) {
		system["timeZone"] = one(d, "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+9")
	}
	options := object{"rebootOnPanic": d.chance(50)}
	if newer(50) {
		options["ctrlAltDelete"] = one(d, "ignore", "reboot", "poweroff")
	}
	system["options"] = options
	return system
}
