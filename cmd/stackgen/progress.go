package main

import (
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"stackgen/cmd/stackgen/internal/report"
)

// progressLine is a line on a terminal that says how far an evaluation is, when it
// takes longer than people like to wait without a word.
type progressLine struct {
	w     io.Writer // nil: nobody would see it
	now   func() time.Time
	start time.Time

	mu    sync.Mutex
	shown bool
}

// patience is how long people wait without a word.
const patience = time.Second / 2

func newProgressLine(w io.Writer) *progressLine {
	p := &progressLine{now: time.Now, start: time.Now()}
	if report.IsTerminal(w) {
		p.w = w
	}
	return p
}

// report may be called from several goroutines.
func (p *progressLine) report(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w == nil || p.now().Sub(p.start) < patience {
		return
	}
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[Kstackgen: evaluating %s/%s VMs", grouped(done), grouped(of))
}

// end takes the line away, and lets none appear any more.
func (p *progressLine) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.w, p.shown = nil, false
}

// grouped writes a number with a comma before each three digits.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
