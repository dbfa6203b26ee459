package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// endless are topologies that would take all time or all memory.
var endless = []struct{ name, text, place string }{
	{"a loop", "local f(x) =\n  f(x + 1) tailstrict;\n{ name: f(1) }", ":2:3"},
	{"too many calls", "local fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2);\n{ name: fib(90) }", ":1:"},
	{"a long call", "{ name: std.foldl(function(a, i) std.foldl(function(b, j) b + j, std.range(1, 10000), a), std.range(1, 100000), 0) }", ":1:1"},
}

// TestTimeout ends what would take too long, names the place and leaves the tree
// as it is.
func TestTimeout(t *testing.T) {
	for _, tt := range endless {
		t.Run(tt.name, func(t *testing.T) {
			stderr, dir := renderEndless(t, tt.text, "--timeout", "50ms", "--max-memory", "512GiB")
			if !strings.Contains(stderr, "not evaluated in 50ms (--timeout) (jsonnet/limit)") || !strings.Contains(stderr, "--> "+filepath.Join(dir, "endless.jsonnet")+tt.place) {
				t.Errorf("%s", stderr)
			}
		})
	}
}

// TestMaxMemory ends what would take too much memory.
func TestMaxMemory(t *testing.T) {
	stderr, _ := renderEndless(t, "local f(x, a) = f(x + 1, [a, x]) tailstrict; f(0, [])", "--max-memory", "64MiB")
	if !strings.Contains(stderr, "more than 64MiB of memory (--max-memory) (jsonnet/limit)") {
		t.Errorf("%s", stderr)
	}
}

// renderEndless renders over a tree in a process of its own.
func renderEndless(t *testing.T, text string, args ...string) (stderr, dir string) {
	t.Helper()
	dir = t.TempDir()
	file, out := filepath.Join(dir, "endless.jsonnet"), filepath.Join(dir, "out")
	reference, err := filepath.Abs("../../fixtures/nullzero/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	before := treeOf(t, "stackgen", reference, out)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("stackgen", append([]string{"render", "-o", out, file}, args...)...)
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInvalid {
		t.Errorf("%v, want exit code %d", err, exitInvalid)
	}
	if after := readTree(t, out); after != before {
		t.Errorf("the tree is\n%s", after)
	}
	return string(said), dir
}

// TestInterrupted: ctrl-C ends an evaluation as it ends any program, and the old
// tree is left.
func TestInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs signals")
	}
	dir := t.TempDir()
	file, out := filepath.Join(dir, "endless.jsonnet"), filepath.Join(dir, "out")
	reference, err := filepath.Abs("../../fixtures/nullzero/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	before := treeOf(t, "stackgen", reference, out)
	if err := os.WriteFile(file, []byte("local f(x) = f(x + 1) tailstrict; f(std.trace('evaluating', 1))"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("stackgen", "render", "-o", out, file)
	evaluating := &waiter{text: "evaluating", seen: make(chan struct{})}
	cmd.Stderr = evaluating
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-evaluating.seen
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("%v, want an interrupt", err)
	}
	if after := readTree(t, out); after != before {
		t.Errorf("the tree is\n%s", after)
	}
}

// waiter closes a channel when a text was written to it.
type waiter struct {
	text string
	seen chan struct{}
	once sync.Once
	all  bytes.Buffer
}

func (w *waiter) Write(p []byte) (int, error) {
	if w.all.Write(p); strings.Contains(w.all.String(), w.text) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(p), nil
}

// TestProgressLine is about a clock that we turn: nothing is said at once, and
// nothing is left behind.
func TestProgressLine(t *testing.T) {
	var screen strings.Builder
	now := time.Unix(0, 0)
	p := &progressLine{w: &screen, now: func() time.Time { return now }, start: now}
	p.report(256, 10000)
	now = now.Add(patience)
	p.report(4000, 10000)
	p.report(10000, 10000)
	p.end()
	p.report(1, 2)
	p.end()
	want := "\r\x1b[Kstackgen: evaluating 4,000/10,000 VMs\r\x1b[Kstackgen: evaluating 10,000/10,000 VMs\r\x1b[K"
	if got := screen.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := newProgressLine(&screen); p.w != nil {
		t.Error("a progress line goes to something that is no terminal")
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 10000: "10,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// TestCollectLater: a small heap may grow further than a large one.
func TestCollectLater(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	defer debug.SetGCPercent(debug.SetGCPercent(youngGrowth))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	large := make([]byte, 400<<20) // nothing is written there, so no memory is taken
	collectLater()
	waitForGrowth(t, func(percent uint64) bool { return percent <= 25 })
	if limit := debug.SetMemoryLimit(-1); limit < 600<<20 {
		t.Errorf("with 400 MiB in use the limit is %d MiB", limit>>20)
	}
	larger := make([]byte, 800<<20) // for which the heap may grow by as many per cent
	for range 1000 {
		if runtime.GC(); debug.SetMemoryLimit(-1) >= 1800<<20 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if limit := debug.SetMemoryLimit(-1); limit < 1800<<20 {
		t.Errorf("with 1,200 MiB in use the limit is %d MiB", limit>>20)
	}
	runtime.KeepAlive(larger)
	runtime.KeepAlive(large) // and no longer
	waitForGrowth(t, func(percent uint64) bool { return percent >= 100 })
	if limit := debug.SetMemoryLimit(-1); limit != usualMost {
		t.Errorf("with little in use the limit is %d MiB", limit>>20)
	}
}

func TestGrowthFor(t *testing.T) {
	for _, tt := range []struct{ live, want int }{{1, 300}, {4, 200}, {6, 100}, {20, 100}, {32, 100}, {36, 133}, {40, 160}, {64, 100}, {128, 50}, {400, 25}} {
		if got := growthFor(tt.live << 20); got != tt.want {
			t.Errorf("with %d MiB in use the heap may grow by %d %%, want %d", tt.live, got, tt.want)
		}
	}
}

func waitForGrowth(t *testing.T, enough func(percent uint64) bool) {
	t.Helper()
	growth := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	for range 1000 {
		runtime.GC()
		if metrics.Read(growth); enough(growth[0].Value.Uint64()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the heap may grow by %d %%", growth[0].Value.Uint64())
}
