package trial

import (
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/rules"
	"stackgen/schema/suite"
)

// findings compares what is wrong with the topology with what was expected to
// be. An error that nobody expects fails the test whatever it is about: the other
// expectations would be about another stack than its owner thinks.
func (t *trial) findings(wanted []suite.Finding) {
	for i, w := range wanted {
		if !slices.ContainsFunc(t.diags, func(d diag.Diagnostic) bool { return fits(w, d) }) {
			t.missing(w, diag.Join(t.path, "findings", i))
		}
	}
	for _, d := range t.diags {
		expected := slices.ContainsFunc(wanted, func(w suite.Finding) bool { return fits(w, d) })
		if d.Severity == diag.Error && !expected {
			t.failures = append(t.failures, within(t.subject.path, d))
		}
	}
}

// fits reports whether a finding is the expected one.
func fits(w suite.Finding, d diag.Diagnostic) bool {
	return w.Rule == d.Rule && (w.Path == "" || w.Path == d.Path) &&
		(w.Severity == "" || w.Severity == d.Severity.String())
}

// missing says that an expected finding is not there, and what comes close.
func (t *trial) missing(w suite.Finding, path string) {
	where := ""
	if w.Path != "" {
		where = " at " + w.Path
	}
	f := t.failures.Errorf("test/findings", path, "there is no finding of %q%s", w.Rule, where)
	if _, known := rules.Find(w.Rule); !known {
		f.Hintf("%s", whyNever(w.Rule))
	}
	for _, d := range t.diags {
		if d.Rule == w.Rule {
			f.Hintf("there is one at %q: %s, %s", d.Path, d.Severity, d.Message)
			return
		}
	}
}

// whyNever says why no topology has a finding of what is not the name of a rule.
func whyNever(name string) string {
	if n, known := rules.FindNotice(name); known {
		return "it is not about a topology; it is found by " + n.By
	}
	return "there is no such rule; stackgen explain lists them"
}

// within moves a finding about a topology to where that is in the test file.
func within(path string, d diag.Diagnostic) diag.Diagnostic {
	d.Path = path + d.Path
	d.Related = slices.Clone(d.Related)
	for i := range d.Related {
		d.Related[i].Path = path + d.Related[i].Path
	}
	return d
}
