package check

import (
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/rules"
	"stackgen/schema/topology"
)

// Judge gives findings about a topology the severity that its policies say, and
// adds what is to be said about the policies themselves. It wants all findings: a
// policy that none of them needs is reported.
func Judge(t *topology.Topology, diags diag.List) diag.List {
	needed := ApplyPolicies(t, diags)
	for i, p := range t.Policies {
		if !needed[i] {
			diags.Warningf("policies/unused", diag.Path("policies", p.Rule), "no finding needs the policy about %q", p.Rule).
				AtKey().Hintf("remove it")
		}
	}
	return diags
}

// ApplyPolicies sets severities, and tells which policies had something to do.
func ApplyPolicies(t *topology.Topology, diags diag.List) (needed []bool) {
	needed = make([]bool, len(t.Policies))
	for i := range diags {
		d := &diags[i]
		for j, p := range t.Policies {
			if p.Rule != d.Rule || !within(d.Path, p.Paths) || rules.IsFirm(d.Rule) {
				continue
			}
			needed[j] = true
			d.Severity, d.Reason = severity(p.Severity), p.Reason
		}
	}
	return needed
}

func severity(word string) diag.Severity {
	switch word {
	case "off":
		return diag.Off
	case "warning":
		return diag.Warning
	}
	return diag.Error
}

// within reports whether a path is one of some, or below one.
func within(path string, paths []string) bool {
	if len(paths) == 0 {
		return true
	}
	for _, p := range paths {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

// checkPolicies finds policies about rules that there are not, that are not about
// one topology, or that nothing can be rendered without.
func checkPolicies(t *topology.Topology) (diags diag.List) {
	for _, p := range t.Policies {
		path := diag.Path("policies", p.Rule)
		_, known := rules.Find(p.Rule)
		_, notice := rules.FindNotice(p.Rule)
		switch {
		case notice:
			diags.Errorf("policies/unknown", path, "%q is not about one topology, and no policy changes it", p.Rule).
				AtKey().Hintf("remove it")
		case !known:
			suggest(diags.Errorf("policies/unknown", path, "there is no rule %q", p.Rule).AtKey(), p.Rule, rules.Names())
		case rules.IsFirm(p.Rule) && p.Severity != "error":
			diags.Errorf("policies/firm", path, "findings of %q cannot be lowered: what they are about cannot be rendered", p.Rule).
				AtKey().Hintf("mend what it finds")
		}
	}
	return diags
}
