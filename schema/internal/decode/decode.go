// Package decode builds the typed model from a JSON value that its schema has
// accepted, and fills in defaults.
package decode

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Topology builds the typed model from a document that has passed the schema,
// and fills in defaults. An error is a fault of this program: the schema let
// something through that the model cannot hold.
func Topology(doc any) (topo *topology.Topology, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, ok := r.(mismatch)
			if !ok {
				panic(r)
			}
			topo, err = nil, fmt.Errorf("decoding the topology: %s", string(m))
		}
	}()
	topo = decodeTopology(object(doc.(map[string]any)))
	topo.Complete()
	return topo, nil
}

// mismatch is panicked with, and recovered in decode, when schema and decoder
// disagree.
type mismatch string

// must unwraps what a parser of package topology gives for text that its
// format has accepted.
func must[T any](v T, err error) T {
	if err != nil {
		panic(mismatch(err.Error()))
	}
	return v
}

// object is a JSON object that the schema has accepted, so that a present key
// has the right type. Absent keys give zero values or the fallback.
type object map[string]any

func (o object) has(key string) bool { _, ok := o[key]; return ok }

func (o object) str(key string) string { return o.strOr(key, "") }

func (o object) strOr(key, fallback string) string {
	if s, ok := o[key].(string); ok {
		return s
	}
	return fallback
}

func (o object) intOr(key string, fallback int) int {
	if f, ok := o[key].(float64); ok {
		return int(f)
	}
	return fallback
}

func (o object) boolOr(key string, fallback bool) bool {
	if b, ok := o[key].(bool); ok {
		return b
	}
	return fallback
}

func (o object) obj(key string) object {
	m, _ := o[key].(map[string]any)
	return m
}

func (o object) list(key string) []any {
	l, _ := o[key].([]any)
	return l
}

func (o object) strs(key string) []string {
	var out []string
	for _, v := range o.list(key) {
		out = append(out, v.(string))
	}
	return out
}

func (o object) strsOr(key string, fallback ...string) []string {
	if o.has(key) {
		return o.strs(key)
	}
	return fallback
}

func (o object) size(key string) topology.Size {
	if !o.has(key) {
		return 0
	}
	return must(topology.ParseSize(o.str(key)))
}

func (o object) duration(key string) topology.Duration {
	if !o.has(key) {
		return 0
	}
	return must(topology.ParseDuration(o.str(key)))
}

func (o object) addr(key string) netip.Addr {
	if !o.has(key) {
		return netip.Addr{}
	}
	return must(netip.ParseAddr(o.str(key)))
}

func (o object) addrs(key string) []netip.Addr {
	var out []netip.Addr
	for _, s := range o.strs(key) {
		out = append(out, must(netip.ParseAddr(s)))
	}
	return out
}

func (o object) prefixes(key string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range o.strs(key) {
		out = append(out, must(netip.ParsePrefix(s)))
	}
	return out
}

func (o object) ports(key string) topology.Ports {
	switch v := o[key].(type) {
	case float64:
		return topology.Ports{{First: int(v), Last: int(v)}}
	case string:
		return must(topology.ParsePorts(v))
	}
	return nil
}

// secret is the name in a { secret: name } at key.
func (o object) secret(key string) topology.Secret {
	return topology.Secret(o.obj(key).str("secret"))
}

// each decodes the members of a map in the order of their names.
func each[T any](o object, key string, decode func(name string, member object) T) []T {
	members := o.obj(key)
	var out []T
	for _, name := range diag.Keys(map[string]any(members)) {
		out = append(out, decode(name, members.obj(name)))
	}
	return out
}

// eachNumbered decodes the members of a map in the order of their numbers.
func eachNumbered[T any](o object, key string, decode func(number int, member object) T) []T {
	members := o.obj(key)
	names := diag.Keys(map[string]any(members))
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(must(strconv.Atoi(a)), must(strconv.Atoi(b))) })
	var out []T
	for _, name := range names {
		out = append(out, decode(must(strconv.Atoi(name)), members.obj(name)))
	}
	return out
}

// prefix reads a subnet, or an address as a prefix of full length.
func prefix(s string) netip.Prefix {
	if strings.Contains(s, "/") {
		return must(netip.ParsePrefix(s))
	}
	a := must(netip.ParseAddr(s))
	return netip.PrefixFrom(a, a.BitLen())
}

// networkOrPrefix reads the name of a network or a subnet.
func networkOrPrefix(s string) topology.Target {
	if strings.Contains(s, "/") {
		return topology.Target{Address: prefix(s)}
	}
	return topology.Target{Network: s}
}

// target reads a target object; a missing one is the zero target.
func target(o object) topology.Target {
	t := topology.Target{VM: o.str("vm"), Network: o.str("network"), Port: o.ports("port")}
	if o.has("address") {
		t.Address = prefix(o.str("address"))
	}
	return t
}
