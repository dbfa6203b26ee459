package impact

import (
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// classify finds the rule for a change. One without a rule is the worst: not to
// know is no comfort. A test holds the table to be complete.
func classify(c change, old, new *topology.Topology) Impact {
	m := models{old, new, c}
	r, ok := ruleFor(c)
	if !ok {
		r = rule{class: Outage, reason: "nobody has said yet what this change does"}
	}
	i := Impact{
		Class: r.class, Machine: m.machine(), Step: m.step(r.step), Path: strings.Join(c.path, "/"),
		Change: c.String(), Reason: r.reason, Prune: r.prune,
	}
	if r.drags != nil {
		i.Drags = unique(r.drags(m))
	}
	return i
}

func ruleFor(c change) (rule, bool) {
	for _, r := range rules() {
		if r.fits(c) {
			return r, true
		}
	}
	return rule{}, false
}

// on says whether a rule is about something that comes, goes or changes.
type on int

const (
	anyChange on = iota
	added
	removed
)

// rule says what a change of something in the model means.
type rule struct {
	path   string // keys with slashes; * is any key, ** at the end is all below
	on     on
	when   func(change) bool // nil: always
	class  Class
	step   string // that brings it into effect: a step of the machine, or host:STEP for one of the VM's host
	reason string // with its source
	drags  func(models) []string
	prune  bool
}

func (r rule) fits(c change) bool {
	if r.on == added && !c.added() || r.on == removed && !c.removed() {
		return false
	}
	return covers(strings.Split(r.path, "/"), c.path) && (r.when == nil || r.when(c))
}

// covers reports whether a pattern is one of a path.
func covers(pattern, path []string) bool {
	for i, p := range pattern {
		if p == "**" {
			return true
		}
		if i >= len(path) || p != "*" && p != path[i] {
			return false
		}
	}
	return len(pattern) == len(path)
}

// grows is for lists that lose nothing.
func grows(c change) bool {
	old, _ := c.old.([]any)
	new, _ := c.new.([]any)
	return !slices.ContainsFunc(old, func(v any) bool { return !slices.Contains(new, v) })
}

// onChangeIs is for files of programs that say what a change of theirs needs.
func onChangeIs(need string) func(change) bool {
	return func(c change) bool { return c.onChange == need }
}

// larger is for sizes that grow.
func larger(c change) bool {
	sizes := [2]topology.Size{}
	for i, v := range []any{c.old, c.new} {
		s, _ := v.(string)
		size, err := topology.ParseSize(s)
		if err != nil {
			return false
		}
		sizes[i] = size
	}
	return sizes[1] > sizes[0]
}

// models are both sides of a change.
type models struct {
	old, new *topology.Topology
	change   change
}

// key is a key of the path, or "".
func (m models) key(i int) string {
	if i < len(m.change.path) {
		return m.change.path[i]
	}
	return ""
}

func (m models) machine() string {
	if k := m.key(0); k == "vms" || k == "hosts" {
		return m.key(1)
	}
	return ""
}

func (m models) step(name string) string {
	if step, ok := strings.CutPrefix(name, "host:"); ok {
		return m.host() + "/" + step
	}
	if name == "" {
		return ""
	}
	if own := m.debianStep(); name == "router" && own != "" && m.onDebian() {
		name = own
	}
	if name == "service" && m.key(2) == "services" && m.key(3) != "" {
		name = topology.StepOfProgram(m.key(3))
	}
	return m.machine() + "/" + name
}

// host is the host of the VM that changes: where it will be.
func (m models) host() string {
	for _, t := range []*topology.Topology{m.new, m.old} {
		if vm := t.VM(m.key(1)); vm != nil {
			return vm.Host
		}
	}
	return ""
}
