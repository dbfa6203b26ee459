package topology

import (
	"net/netip"
	"slices"
	"strings"
)

// Varnish is an HTTP cache in front of backends.
type Varnish struct {
	Listen   int       `json:"listen"`  // port
	Storage  Size      `json:"storage"` // malloc
	Director string    `json:"director"`
	Backends []Backend `json:"backends"`
	TLS      *HTTPS    `json:"tls,omitempty"`
	VCL      string    `json:"vcl,omitempty"` // appended to ours
}

// Backend is a server that Varnish fetches from.
type Backend struct {
	Name                string   `json:"name"`
	Target              Target   `json:"target"` // VM or Address, and a single port
	HostHeader          string   `json:"hostHeader,omitempty"`
	Weight              int      `json:"weight,omitempty"`
	MaxConnections      int      `json:"maxConnections,omitempty"`
	ConnectTimeout      Duration `json:"connectTimeout,omitempty"`
	FirstByteTimeout    Duration `json:"firstByteTimeout,omitempty"`
	BetweenBytesTimeout Duration `json:"betweenBytesTimeout,omitempty"`
	Probe               *Probe   `json:"probe,omitempty"`
}

// Probe is Varnish's health check of a backend.
type Probe struct {
	URL              string   `json:"url"`
	Interval         Duration `json:"interval"`
	Timeout          Duration `json:"timeout"`
	Window           int      `json:"window"`
	Threshold        int      `json:"threshold"`
	Initial          int      `json:"initial"`
	ExpectedResponse int      `json:"expectedResponse"`
}

// Nginx is a web server with its sites (server blocks).
type Nginx struct {
	Sites []Site `json:"sites"`
}

// Site is one server block.
type Site struct {
	Name              string     `json:"name"`
	Description       string     `json:"description,omitempty"`
	Listen            int        `json:"listen"`           // port
	Address           netip.Addr `json:"address,omitzero"` // zero: all of the VM's
	ServerName        string     `json:"serverName"`       // in lower case, as all names
	Aliases           []string   `json:"aliases,omitempty"`
	DefaultServer     bool       `json:"defaultServer,omitempty"`
	Root              string     `json:"root"` // without a slash at its end
	Index             []string   `json:"index"`
	TLS               *HTTPS     `json:"tls,omitempty"` // with one certificate
	PHP               bool       `json:"php"`
	ClientMaxBodySize Size       `json:"clientMaxBodySize,omitempty"`
	Extra             string     `json:"extra,omitempty"` // directives of the server block
}

// PHP is a php-fpm pool.
type PHP struct {
	Version     string   `json:"version"`
	Extensions  []string `json:"extensions,omitempty"`
	Pool        string   `json:"pool"`
	User        string   `json:"user"`
	MaxChildren int      `json:"maxChildren"`
	Env         []Env    `json:"env,omitempty"`
}

// Socket is where the pool listens.
func (p *PHP) Socket() string { return "/run/php/php" + p.Version + "-fpm-" + p.Pool + ".sock" }

// Env is an environment variable of a pool: exactly one of Value, VM and
// Secret speaks (an empty Value when the others are empty).
type Env struct {
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	VM     string `json:"vm,omitempty"`     // the address of that VM
	Secret Secret `json:"secret,omitempty"` // resolved by apply
}

// NamesDatabase reports whether the name of a variable says that it holds where a
// database is: DB_HOST, DATABASE_SERVER.
func (e *Env) NamesDatabase() bool {
	upper := strings.ToUpper(e.Name)
	isHost := slices.ContainsFunc([]string{"HOST", "HOSTNAME", "SERVER", "ADDRESS", "ADDR"}, func(word string) bool {
		return strings.HasSuffix(upper, word)
	})
	return isHost && slices.ContainsFunc([]string{"DB", "DATABASE", "SQL", "MARIA"}, func(word string) bool {
		return strings.Contains(upper, word)
	})
}

// MariaDB is a database server and what is in it.
type MariaDB struct {
	Flavor       string     `json:"flavor"` // mariadb or mysql
	BindAddress  netip.Addr `json:"bindAddress,omitzero"`
	Port         int        `json:"port"`
	CharacterSet string     `json:"characterSet"`
	Databases    []Database `json:"databases,omitempty"`
	Users        []DBUser   `json:"users,omitempty"`
}

// Database is a schema.
type Database struct {
	Name         string  `json:"name"`
	CharacterSet string  `json:"characterSet,omitempty"`
	Tables       []Table `json:"tables,omitempty"`
}

// Table is a table and the rows that must be in it.
type Table struct {
	Name       string   `json:"name"`
	Columns    []Column `json:"columns"`
	PrimaryKey []string `json:"primaryKey,omitempty"`
	Rows       []Row    `json:"rows,omitempty"`

	Indexes     []Index      `json:"indexes,omitempty"`
	ForeignKeys []ForeignKey `json:"foreignKeys,omitempty"`
}

// Index is an index of a table.
type Index struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"` // name, or name(n) for the first n characters
	Unique  bool     `json:"unique,omitempty"`
}

// ForeignKey is a reference to rows of a table in the same schema.
type ForeignKey struct {
	Name       string   `json:"name"`
	Columns    []string `json:"columns"`
	Table      string   `json:"table"`
	References []string `json:"references"` // columns of Table
	OnDelete   string   `json:"onDelete"`
	OnUpdate   string   `json:"onUpdate"`
}

// Column is a column: its SQL type and what else stands behind it.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Row holds cells sorted by column.
type Row []Cell

// Cell is one value of a row.
type Cell struct {
	Column string `json:"column"`
	Value  any    `json:"value"` // string, float64, bool or nil
}

// DBUser is an account, one for each host it may come from.
type DBUser struct {
	Name     string   `json:"name"`
	Hosts    []string `json:"hosts"` // VM names, addresses, networks as written
	Password Secret   `json:"password"`
	Grants   []Grant  `json:"grants,omitempty"`
}

// Grant gives privileges on a schema or table.
type Grant struct {
	Privileges []string `json:"privileges"`
	On         string   `json:"on"` // db.*, db.table or *.*
}
