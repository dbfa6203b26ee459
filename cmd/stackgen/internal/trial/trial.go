// Package trial tries what the owner of a stack expects of it: it takes a suite
// of tests and tells, test by test, what does not hold.
//
// Connections are walked by the same engine as stackgen trace, files are those
// that render would write. Nothing is written but golden trees, and those only
// when asked to.
package trial

import (
	"path/filepath"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/suite"
	"stackgen/schema/topology"
)

// Result is what became of a test.
type Result struct {
	Name     string
	Failures diag.List // paths are those of the test file; none if all holds
}

// Failed reports whether something expected does not hold.
func (r Result) Failed() bool { return len(r.Failures) > 0 }

// Options of a run.
type Options struct {
	Dir     string            // of the test file: golden trees are named as seen from there
	Update  bool              // write golden trees instead of comparing with them
	Chosen  func(string) bool // the tests to try, by name
	Visited func(Result)      // is told each result
}

// Run tries the chosen tests of a suite, in their order. An error is a fault of
// this program or of its surroundings.
func Run(s *suite.Suite, o Options) error {
	var whole *subject
	for _, c := range s.Cases {
		if !o.Chosen(c.Name) {
			continue
		}
		at, err := subjectOf(s, c, &whole)
		if err != nil {
			return err
		}
		failures, err := at.try(c, o)
		if err != nil {
			return err
		}
		o.Visited(Result{c.Name, failures})
	}
	return nil
}

// subject is a topology under test.
type subject struct {
	path  string // of the topology in the test file
	model *topology.Topology
	sound bool      // there is no error: it can be rendered
	diags diag.List // all findings
	files []artifact.File
}

// subjectOf gives the topology of a test. That of the suite is loaded once.
func subjectOf(s *suite.Suite, c suite.Case, whole **subject) (*subject, error) {
	if c.Topology != nil {
		return load(c.Topology, diag.Path("tests", c.Name, "topology"))
	}
	if *whole == nil {
		loaded, err := load(s.Topology, diag.Path("topology"))
		if err != nil {
			return nil, err
		}
		*whole = loaded
	}
	return *whole, nil
}

func load(doc any, path string) (*subject, error) {
	topo, diags, err := schema.LoadValue(doc)
	if err != nil {
		return nil, err
	}
	s := &subject{path: path, model: topo}
	if topo == nil {
		s.diags = diags.Reported()
		s.model, _, err = schema.ModelValue(doc)
		return s, err
	}
	more, rendering := render.Prepare(topo)
	s.diags = schema.Judge(topo, append(diags, more...)).Reported()
	if s.sound = !s.diags.HasErrors(); s.sound {
		s.files, err = rendering.Files()
	}
	return s, err
}

// try gives what does not hold of a test.
func (s *subject) try(c suite.Case, o Options) (diag.List, error) {
	t := trial{subject: s, path: diag.Path("tests", c.Name)}
	t.findings(c.Findings)
	if s.model != nil {
		net := flow.New(s.model)
		for i, f := range c.Reachable {
			t.reachable(net, f, diag.Join(t.path, "reachable", i))
		}
		for i, f := range c.Unreachable {
			t.unreachable(net, f, diag.Join(t.path, "unreachable", i))
		}
	}
	t.artifacts(c.Artifacts)
	if c.Golden == "" {
		return t.failures, nil
	}
	err := t.golden(filepath.Join(o.Dir, filepath.FromSlash(c.Golden)), o.Update)
	return t.failures, err
}

// trial is a test under way.
type trial struct {
	*subject
	path     string
	failures diag.List
}

// renders says, once, that files were asked for and there are none.
func (t *trial) renders(path string) bool {
	if !t.sound {
		t.failures.Errorf("test/not-rendered", path, "the topology has errors, so that there are no files").AtKey()
	}
	return t.sound
}
