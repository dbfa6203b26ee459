// Package rules explains the rules that findings are named after: what each
// finds and why, an example that breaks it and one that comes close and is fine,
// and where the reason is written. It is data; the checks themselves are
// elsewhere, and a test holds the two together.
package rules

import (
	"slices"
	"strings"
)

// Rule explains one rule.
type Rule struct {
	Name   string // subject/name: "addresses/duplicate"
	What   string // what it finds
	Why    string // what would happen
	Breaks string // Jsonnet that breaks it; added to the reference stack, but for jsonnet/ and yaml/
	Passes string // Jsonnet that comes close and does not
	Fix    string // what to do
	Source string // where the reason is written
	Firm   bool   // it cannot be lowered: what it is about cannot be rendered
}

// All lists the rules by name.
func All() []Rule {
	all := slices.Concat(
		inputs(),
		schemas(),
		references(),
		names(),
		addresses(),
		segments(),
		interfaces(),
		vrrp(),
		routers(),
		protocols(),
		links(),
		routerServices(),
		routerSystem(),
		firewalls(),
		tunnels(),
		wireGuard(),
		ipsec(),
		services(),
		programs(),
		certificates(),
		databases(),
		provision(),
		images(),
		hygiene(),
		mariadb(),
		targets(),
		routerTargets(),
		systemTargets(),
	)
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Names lists the names of all rules.
func Names() (list []string) {
	for _, r := range All() {
		list = append(list, r.Name)
	}
	return list
}

// Find is the rule of a name.
func Find(name string) (Rule, bool) {
	for _, r := range All() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

// IsFirm reports whether the severity of a rule cannot be changed.
func IsFirm(name string) bool {
	r, known := Find(name)
	return !known || r.Firm
}
