package provenance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lab renders a document of its own kind: machines with addresses, and what
// they refer to. It refuses what real topologies refuse as well.
func lab(doc any, file string) (string, bool) {
	d := doc.(map[string]any)
	machines, _ := d["machines"].(map[string]any)
	if !closed(d, "gateway", "note", "machines") {
		return "", false
	}
	taken := map[any]bool{}
	var b strings.Builder
	b.WriteString("# lab\n")
	for _, name := range tokensOf(machines) {
		m := machines[name].(map[string]any)
		if !closed(m, "address", "gateway", "mode", "peer", "port") {
			return "", false
		}
		if taken[m["address"]] || m["address"] == nil {
			return "", false
		}
		taken[m["address"]] = true
		if peer, ok := m["peer"].(string); ok {
			p, ok := machines[peer].(map[string]any)
			if !ok {
				return "", false
			}
			fmt.Fprintf(&b, "peer %v of %s port %v\n", p["address"], name, m["port"])
		}
		if m["gateway"] != d["gateway"] {
			return "", false
		}
		fmt.Fprintf(&b, "via %v %v\n", m["gateway"], m["mode"])
		b.WriteString("end\n")
	}
	return b.String(), true
}

// closed tells whether an object has only some keys.
func closed(object map[string]any, keys ...string) bool {
	return !slices.ContainsFunc(tokensOf(object), func(k string) bool { return !slices.Contains(keys, k) })
}

const labDoc = `{
  "gateway": "10.0.0.1",
  "note": "unused",
  "machines": {
    "a": { "address": "10.0.0.2", "gateway": "10.0.0.1", "mode": "fast" },
    "b": { "address": "10.0.0.3", "gateway": "10.0.0.1", "peer": "a", "port": 80, "mode": "slow" },
    "c": { "address": "10.0.0.4", "gateway": "10.0.0.1", "mode": "fast" }
  }
}`

func TestOf(t *testing.T) {
	var doc any
	if err := json.Unmarshal([]byte(labDoc), &doc); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		line    int
		text    string
		origins string
		causes  string
	}{
		{1, "# lab", "", ""},
		{2, "via 10.0.0.1 fast", `/gateway+[/machines/a/gateway] /machines/a/mode`, "/machines/a/mode"},
		{4, "peer 10.0.0.2 of b port 80", "/machines/a/address /machines/b(key) /machines/b/peer /machines/b/port", "/machines/b/peer /machines/b/port"},
		{5, "via 10.0.0.1 slow", `/gateway+[/machines/a/gateway /machines/b/gateway] /machines/b/mode`, "/machines/b/mode"},
		{8, "end", "", "/machines/c"},
	} {
		l, ok := Of(doc, "lab.txt", tt.line, [][]string{{"fast", "slow"}}, lab)
		var origins []string
		for _, o := range l.Origins {
			s := o.Path
			if o.Key {
				s += "(key)"
			}
			if len(o.With) > 0 {
				s += fmt.Sprintf("+%v", o.With)
			}
			origins = append(origins, s)
		}
		if got := strings.Join(origins, " "); !ok || l.Text != tt.text || got != tt.origins || strings.Join(l.Causes, " ") != tt.causes {
			t.Errorf("line %d is %q, made of\n %s\nbecause of %s; want %q, made of\n %s\nbecause of %s",
				tt.line, l.Text, got, l.Causes, tt.text, tt.origins, tt.causes)
		}
	}
	for _, line := range []int{0, -1, 10, 1 << 30} {
		if _, ok := Of(doc, "lab.txt", line, nil, lab); ok {
			t.Errorf("there is a line %d", line)
		}
	}
}

func TestSurvives(t *testing.T) {
	for _, tt := range []struct {
		old  string
		line int
		new  string
		want bool
	}{
		{"a b c", 1, "a b c", true},
		{"a b c", 1, "a x c", false},
		{"a b c", 1, "a c", false},
		{"a b c", 1, "x a b c", true},
		{"a b c", 1, "b", true},
		{"a b c", 2, "c a b", false},
		{"a { b } c { d }", 3, "a { b } c { d }", true},
		{"a { b } c { d }", 7, "a { b }", false},
		{"a { b } c { d }", 3, "c { d }", false},
		{"a { b } c { d }", 7, "c { d }", true},
		{"a", 0, "", false},
	} {
		if got := survives(strings.Fields(tt.old), tt.line, strings.Fields(tt.new)); got != tt.want {
			t.Errorf("line %d of %q in %q: %t", tt.line, tt.old, tt.new, got)
		}
	}
}

func FuzzSurvives(f *testing.F) {
	f.Add("a b c", 1, "c b")
	f.Fuzz(func(t *testing.T, old string, line int, new string) {
		o, n := strings.Split(old, " "), strings.Split(new, " ")
		if line < 0 || line >= len(o) || len(o) > 200 || len(n) > 200 {
			return
		}
		if got := survives(o, line, n); got && !slices.Contains(n, o[line]) {
			t.Errorf("line %d of %q survives in %q", line, old, new)
		}
		if !survives(o, line, o) {
			t.Errorf("line %d of %q does not survive as it is", line, old)
		}
	})
}
