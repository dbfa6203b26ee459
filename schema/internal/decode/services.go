package decode

import (
	"net/netip"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// decodeServices reads the blocks about what runs in a VM.
func decodeServices(vm *topology.VM, o object) {
	if o.has("router") {
		vm.Router = decodeRouter(o.obj("router"))
	}
	if o.has("varnish") {
		vm.Varnish = decodeVarnish(o.obj("varnish"))
	}
	if n := o.obj("nginx"); n != nil {
		vm.Nginx = &topology.Nginx{Sites: each(n, "sites", decodeSite)}
	}
	if o.has("php") {
		vm.PHP = decodePHP(vm.OS, o.obj("php"))
	}
	vm.Services = each(o, "services", func(name string, p object) topology.Program {
		return decodeProgram(vm.Name, name, p)
	})
	for _, flavor := range []string{"mysql", "mariadb"} {
		if o.has(flavor) {
			vm.MariaDB = decodeMariaDB(flavor, vm, o.obj(flavor))
		}
	}
}

func decodeVarnish(o object) *topology.Varnish {
	v := &topology.Varnish{
		Listen:   o.intOr("listen", 80),
		Storage:  256 << 20,
		Director: o.strOr("director", "round_robin"),
		Backends: each(o, "backends", decodeBackend),
		TLS:      decodeTLS(o.obj("tls")),
		VCL:      o.str("vcl"),
	}
	if o.has("storage") {
		v.Storage = o.size("storage")
	}
	return v
}

func decodeBackend(name string, o object) topology.Backend {
	b := topology.Backend{
		Name:                name,
		Target:              target(o),
		HostHeader:          o.str("hostHeader"),
		Weight:              o.intOr("weight", 1),
		MaxConnections:      o.intOr("maxConnections", 0),
		ConnectTimeout:      o.duration("connectTimeout"),
		FirstByteTimeout:    o.duration("firstByteTimeout"),
		BetweenBytesTimeout: o.duration("betweenBytesTimeout"),
	}
	if len(b.Target.Port) == 0 {
		b.Target.Port = topology.Ports{{First: 80, Last: 80}}
	}
	if o.has("probe") {
		b.Probe = decodeProbe(o.obj("probe"))
	}
	return b
}

func decodeProbe(o object) *topology.Probe {
	threshold := o.intOr("threshold", 3)
	return &topology.Probe{
		URL:              o.strOr("url", "/"),
		Interval:         must(topology.ParseDuration(o.strOr("interval", "5s"))),
		Timeout:          must(topology.ParseDuration(o.strOr("timeout", "2s"))),
		Window:           o.intOr("window", 8),
		Threshold:        threshold,
		Initial:          o.intOr("initial", threshold-1), // varnishd's own default
		ExpectedResponse: o.intOr("expectedResponse", 200),
	}
}

func decodeSite(name string, o object) topology.Site {
	address, port := listen(o["listen"])
	return topology.Site{
		Name:              name,
		Description:       o.str("description"),
		Listen:            port,
		Address:           address,
		ServerName:        serverName(o.str("serverName")),
		Aliases:           serverNames(o.strs("aliases")),
		DefaultServer:     o.boolOr("defaultServer", false),
		Root:              strings.TrimSuffix(o.str("root"), "/"),
		Index:             o.strsOr("index", "index.html"),
		TLS:               decodeTLS(o.obj("tls")),
		PHP:               o.boolOr("php", false),
		ClientMaxBodySize: o.size("clientMaxBodySize"),
		Extra:             o.str("extra"),
	}
}

// listen reads a port, or an address with one; none is port 80.
func listen(v any) (netip.Addr, int) {
	switch v := v.(type) {
	case float64:
		return netip.Addr{}, int(v)
	case string:
		at := must(topology.ParseListen(v))
		return at.Addr(), int(at.Port())
	}
	return netip.Addr{}, 80
}

// serverName writes a name as nginx compares it: in lower case, without the dot
// of the DNS root.
func serverName(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

func serverNames(names []string) []string {
	for i, n := range names {
		names[i] = serverName(n)
	}
	return names
}

// decodePHP reads the pool of a VM with that operating system.
func decodePHP(os string, o object) *topology.PHP {
	php := &topology.PHP{
		Version:     o.strOr("version", release.Of(os).PHP),
		Extensions:  o.strs("extensions"),
		Pool:        o.strOr("pool", "app"),
		User:        o.strOr("user", "www-data"),
		MaxChildren: o.intOr("maxChildren", 10),
	}
	php.Env = decodeEnv(o.obj("env"))
	return php
}

// decodeEnv reads an environment: text, or a reference.
func decodeEnv(o object) (env []topology.Env) {
	for _, name := range diag.Keys(map[string]any(o)) {
		ref := o.obj(name)
		env = append(env, topology.Env{
			Name: name, Value: o.str(name), VM: ref.str("vm"), Secret: topology.Secret(ref.str("secret")),
		})
	}
	return env
}

func decodeMariaDB(flavor string, vm *topology.VM, o object) *topology.MariaDB {
	m := &topology.MariaDB{
		Flavor:       flavor,
		BindAddress:  o.addr("bindAddress"),
		Port:         o.intOr("port", 3306),
		CharacterSet: o.strOr("characterSet", "utf8mb4"),
		Databases:    each(o, "databases", decodeDatabase),
		Users:        each(o, "users", decodeDBUser),
	}
	if !m.BindAddress.IsValid() {
		for _, i := range vm.Interfaces {
			if i.Address.IsValid() {
				m.BindAddress = i.Address
				break
			}
		}
	}
	return m
}

func decodeDatabase(name string, o object) topology.Database {
	return topology.Database{Name: name, CharacterSet: o.str("characterSet"), Tables: each(o, "tables", decodeTable)}
}

func decodeTable(name string, o object) topology.Table {
	t := topology.Table{Name: name, PrimaryKey: o.strs("primaryKey")}
	columns := o.obj("columns")
	for _, c := range diag.Keys(map[string]any(columns)) {
		t.Columns = append(t.Columns, topology.Column{Name: c, Type: columns.str(c)})
	}
	t.Indexes = each(o, "indexes", func(name string, o object) topology.Index {
		return topology.Index{Name: name, Columns: o.strs("columns"), Unique: o.boolOr("unique", false)}
	})
	t.ForeignKeys = each(o, "foreignKeys", decodeForeignKey)
	for _, v := range o.list("rows") {
		var row topology.Row
		for _, c := range diag.Keys(v) {
			row = append(row, topology.Cell{Column: c, Value: v.(map[string]any)[c]})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func decodeForeignKey(name string, o object) topology.ForeignKey {
	to := o.obj("references")
	return topology.ForeignKey{
		Name: name, Columns: o.strs("columns"), Table: to.str("table"), References: to.strs("columns"),
		OnDelete: o.strOr("onDelete", "RESTRICT"), OnUpdate: o.strOr("onUpdate", "RESTRICT"),
	}
}

func decodeDBUser(name string, o object) topology.DBUser {
	u := topology.DBUser{Name: name, Hosts: o.strs("hosts"), Password: o.secret("password")}
	for _, v := range o.list("grants") {
		g := object(v.(map[string]any))
		u.Grants = append(u.Grants, topology.Grant{Privileges: normalPrivileges(g.strs("privileges")), On: g.str("on")})
	}
	return u
}

// normalPrivileges writes ALL as the server lists it.
func normalPrivileges(names []string) []string {
	for i, n := range names {
		if n == "ALL" {
			names[i] = "ALL PRIVILEGES"
		}
	}
	return names
}
