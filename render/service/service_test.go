package service

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestQuote(t *testing.T) {
	tests := []struct{ in, quoted, argument string }{
		{"plain-1.2/x:y,z+a=b@c", "plain-1.2/x:y,z+a=b@c", "plain-1.2/x:y,z+a=b@c"},
		{"", `""`, `""`},
		{"a b", `"a b"`, `"a b"`},
		{"5%", `"5%%"`, `"5%%"`},
		{"$HOME", `"$HOME"`, `"$$HOME"`},
		{`say "hi"`, `"say \"hi\""`, `"say \"hi\""`},
		{`c:\new`, `"c:\\new"`, `"c:\\new"`},
		{";", `";"`, `";"`},
		{"it's", `"it's"`, `"it's"`},
	}
	for _, tt := range tests {
		if got := quote(tt.in); got != tt.quoted {
			t.Errorf("quote(%q)\n got %s\nwant %s", tt.in, got, tt.quoted)
		}
		if got := argument(tt.in); got != tt.argument {
			t.Errorf("argument(%q)\n got %s\nwant %s", tt.in, got, tt.argument)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{"100 %": "100 %%", `ends in \`: `ends in \ `, "plain": "plain"} {
		if got := plainText(in); got != want {
			t.Errorf("plainText(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestReloadCommand(t *testing.T) {
	if got, want := reloadCommand([]string{"/bin/kill", "-HUP", "$MAINPID", "$X"}), `/bin/kill -HUP $MAINPID "$$X"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestHardening: each default can be lifted by its name, and no other goes with it.
func TestHardening(t *testing.T) {
	all := hardening(&topology.Program{})
	if len(all) < 24 {
		t.Fatalf("there are only %d defaults", len(all))
	}
	for _, line := range all {
		key, _, _ := strings.Cut(line, "=")
		left := hardening(&topology.Program{Lift: []string{key}})
		for _, l := range left {
			if strings.HasPrefix(l, key+"=") {
				t.Errorf("%s is lifted, and there", key)
			}
		}
		if want := len(all) - strings.Count("\n"+strings.Join(all, "\n"), "\n"+key+"="); len(left) != want {
			t.Errorf("without %s there are %d lines, not %d", key, len(left), want)
		}
	}
	low := strings.Join(hardening(&topology.Program{Listens: []topology.Port{{Port: 80}}}), "\n")
	if !strings.Contains(low, "AmbientCapabilities=CAP_NET_BIND_SERVICE") || strings.Contains(low, "PrivateUsers") {
		t.Errorf("a program on port 80 has\n%s", low)
	}
}

// TestConform asks systemd about each unit of the fixture, one with any argument, and
// about broken ones.
func TestConform(t *testing.T) {
	rendertest.Need(t, "systemd-analyze")
	accepts := func(name, text string) (string, bool) {
		file := rendertest.Write(t, name, text)
		out, ok := rendertest.Run(t, "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", file)
		var own []string
		for line := range strings.Lines(out) {
			// Which programs there are is asked on the machine.
			if strings.Contains(line, name) && !strings.Contains(line, "is not executable") {
				own = append(own, line)
			}
		}
		return strings.Join(own, ""), ok && len(own) == 0
	}
	set, err := Render(rendertest.Topology(t, "services"))
	if err != nil {
		t.Fatal(err)
	}
	units := 0
	for _, f := range set.Files {
		if !strings.HasSuffix(f.Path, ".service") && !strings.HasSuffix(f.Path, ".timer") {
			continue
		}
		units++
		name := f.Path[strings.LastIndex(f.Path, "/")+1:]
		if out, ok := accepts(name, f.Content); !ok {
			t.Errorf("%s is refused: %s", f.Path, out)
		}
		if _, ok := accepts(name, strings.Replace(f.Content, "Description=", "Descriptio=", 1)); ok {
			t.Errorf("%s with an unknown key is accepted", f.Path)
		}
	}
	if units < 3 {
		t.Errorf("the fixture has %d units", units)
	}
}
