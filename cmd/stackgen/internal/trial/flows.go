package trial

import (
	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/suite"
)

func (t *trial) reachable(net *flow.Net, f suite.Flow, path string) {
	w := t.walk(net, f, path)
	if w == nil || w.Reached() {
		return
	}
	t.hops(t.failures.Errorf("test/reachable", path, "%s does not arrive: %s", words(f), w.Stopped().Text), w)
}

func (t *trial) unreachable(net *flow.Net, f suite.Flow, path string) {
	w := t.walk(net, f, path)
	switch {
	case w == nil:
	case w.Reached():
		t.hops(t.failures.Errorf("test/unreachable", path, "%s arrives", words(f)), w)
	case f.Why != "" && f.Why != string(w.Stopped().Why):
		t.hops(t.failures.Errorf("test/unreachable", diag.Join(path, "why"), "%s is stopped by another thing, %q: %s",
			words(f), w.Stopped().Why, w.Stopped().Text), w)
	}
}

// walk is nil when a word means nothing in the topology.
func (t *trial) walk(net *flow.Net, f suite.Flow, path string) *flow.Walk {
	w, err := net.Connect(flow.Question{From: f.From, Protocol: f.Protocol, To: f.To, SourcePort: f.SourcePort})
	if err != nil {
		t.failures.Errorf("test/connection", path, "%s: %v", words(f), err)
		return nil
	}
	net.Follow(w, f.Host)
	return w
}

// hops adds where the connection went.
func (t *trial) hops(d *diag.Diagnostic, w *flow.Walk) {
	for _, h := range w.Hops {
		d.Also(t.subject.path+h.Path, h.Text)
	}
}

func words(f suite.Flow) string { return f.From + " " + f.Protocol + " " + f.To }
