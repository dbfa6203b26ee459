//go:build linux

package systemtest

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

var (
	demo   = flag.Bool("demo", false, "print what happens while it happens")
	vms    = flag.Bool("vms", false, "with -demo: guests are virtual machines and not containers")
	update = flag.Bool("update", false, "rewrite what README and docs show")
)

// TestDemo is `make demo`: TestBringUp or TestLibvirt without their trials.
func TestDemo(t *testing.T) {
	switch {
	case !*demo:
		t.Skip("SKIPPED: only with -demo; other tests do the same and more")
	case *vms:
		newVirtualised(t).bringUpVMs()
	default:
		newStack(t).bringUp()
	}
}

// transcript keeps what is shown, and is where it is shown.
type transcript struct {
	text   bytes.Buffer
	screen io.Writer
}

func (r *transcript) Write(p []byte) (int, error) {
	r.text.Write(p)
	return r.screen.Write(p)
}

func newTranscript() *transcript {
	if *demo {
		return &transcript{screen: os.Stdout}
	}
	return &transcript{screen: io.Discard}
}

// say shows a line of the lab's own.
func (s *stack) say(line string) { io.WriteString(s.shown, "# "+line+"\n") }

// show lets the owner type a command, shows it with its output, and fails the test
// if it fails.
func (s *stack) show(command string) (output string) {
	s.t.Helper()
	io.WriteString(s.shown, "$ "+command+"\n")
	begin := s.shown.text.Len()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	cmd := s.owner.command(ctx, "bash", "-euo", "pipefail", "-c", s.command(command))
	cmd.Stdout, cmd.Stderr = s.shown, s.shown
	err := cmd.Run()
	output = s.shown.text.String()[begin:]
	if !strings.HasSuffix(output, "\n") {
		io.WriteString(s.shown, "\n")
	}
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", command, err, output)
	}
	return output
}

// isShown holds a file of this repository to what a command has shown: it stands there
// behind that command.
func isShown(t testing.TB, file, command, got string) {
	t.Helper()
	path := "../../../" + file
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin := "```console\n$ " + command + "\n"
	before, rest, found := strings.Cut(string(text), begin)
	old, after, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatalf("%s has no block that begins with $ %s", file, command)
	}
	switch {
	case old == got:
	case *update:
		if err := os.WriteFile(path, []byte(before+begin+got+"```"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s shows\n%s\nbut it is\n%s\n(-update rewrites it)", file, old, got)
	}
}
