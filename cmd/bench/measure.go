package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sample is one run of a command.
type sample struct {
	wall time.Duration
	peak int64  // bytes
	said string // on stderr
}

// column is what was measured for one number of servers. A zero is not measured.
type column struct {
	n, files, written                                         int // written: after the edit
	render, again, edit, floor, evaluate, percent, plus, null sample
}

// percentMost is the most servers that the peer is given with `%`: it takes
// half a minute for a thousand.
const percentMost = 1000

// measure runs the commands in turn, so that a machine that gets slower does so
// for all of them, and takes the medians.
func (b bencher) measure(n int) (c column, err error) {
	c.n = n
	w, err := b.workload(n)
	if err != nil {
		return c, err
	}
	samples := map[string][]sample{}
	for range b.runsOf(n) {
		for _, m := range b.measures(w) {
			if m.name == "percent" && (n > percentMost || n == percentMost && len(samples[m.name]) > 0) {
				continue
			}
			s, err := m.run()
			if err != nil {
				return c, fmt.Errorf("%s: %w", m.name, err)
			}
			samples[m.name] = append(samples[m.name], s)
		}
	}
	c.render, c.again, c.edit = median(samples["render"]), median(samples["again"]), median(samples["edit"])
	c.floor, c.evaluate = median(samples["floor"]), median(samples["evaluate"])
	c.percent, c.plus, c.null = median(samples["percent"]), median(samples["plus"]), median(samples["null"])
	_, err = fmt.Sscanf(lastLine(samples["render"], "files in"), "stackgen: %d files", &c.files)
	if err == nil {
		c.written, err = written(lastLine(samples["edit"], "files in"))
	}
	return c, err
}

// runsOf is more for what is over in a moment, and less for what is not.
func (b bencher) runsOf(n int) int {
	switch {
	case n < 100:
		return b.runs * 4
	case n >= 10000:
		return min(b.runs, 3)
	}
	return b.runs
}

// lastLine is the line with a text that a command has said in its last run.
func lastLine(samples []sample, text string) string {
	for line := range strings.Lines(samples[len(samples)-1].said) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// written is how many files a render says to have written.
func written(line string) (int, error) {
	_, counts, _ := strings.Cut(line, ": ")
	_, counts, _ = strings.Cut(counts, ": ")
	var added, changed int
	_, err := fmt.Sscanf(counts, "%d new, %d changed", &added, &changed)
	return added + changed, err
}

type measure struct {
	name string
	run  func() (sample, error)
}

// measures are in an order in which each finds what it needs: again, floor and
// edit want the tree that render has left.
func (b bencher) measures(w workload) []measure {
	jsonnet, stackgen, out := b.path("jsonnet"), b.path("stackgen"), b.path("out")
	return []measure{
		{"render", func() (sample, error) {
			if err := b.clear("out", "cache"); err != nil {
				return sample{}, err
			}
			return b.process(stackgen, "render", "-o", out, w.topology)
		}},
		{"again", func() (sample, error) { return b.process(stackgen, "render", "-o", out, w.topology) }},
		{"evaluate", func() (sample, error) { return b.process(jsonnet, "-J", b.dir, w.plainTopology) }},
		{"floor", func() (sample, error) { return b.copyTree(out) }},
		{"edit", func() (sample, error) { return b.process(stackgen, "render", "-o", out, w.edited) }},
		{"percent", func() (sample, error) { return b.process(jsonnet, "-S", "-m", b.path("percent"), "-c", w.percent) }},
		{"plus", func() (sample, error) { return b.process(jsonnet, "-S", "-m", b.path("plus"), "-c", w.plus) }},
		{"null", func() (sample, error) { return b.process(jsonnet, "-e", "null") }},
	}
}

func (b bencher) clear(names ...string) error {
	for _, name := range names {
		if err := os.RemoveAll(b.path(name)); err != nil {
			return err
		}
	}
	return nil
}

// process runs a command to its end. Each of the peer's trees is fresh, as is
// the one of render.
func (b bencher) process(argv ...string) (sample, error) {
	if err := b.clear("percent", "plus"); err != nil {
		return sample{}, err
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+b.path("cache"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err == nil && strings.Contains(stderr.String(), "warning:") {
		err = errors.New("the work is to be without findings")
	}
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%.2000s", err, stderr.String())
	}
	return sample{wall, peakOf(cmd.ProcessState), stderr.String()}, nil
}

// copyTree writes the files of a tree one by one, and takes only that time, as a
// program would that has them in memory and does nothing else. We do not: the peak of
// memory that the system tells of a process is at least that of its parent, since the
// two are one until exec; see vfork(2) and getrusage(2).
func (b bencher) copyTree(tree string) (s sample, err error) {
	to := b.path("floor")
	if err := os.RemoveAll(to); err != nil {
		return s, err
	}
	err = filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		start := time.Now()
		defer func() { s.wall += time.Since(start) }()
		copied := to + strings.TrimPrefix(path, tree)
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return err
		}
		return os.WriteFile(copied, content, 0o644)
	})
	return s, err
}

// median is of time and of memory, each by itself.
func median(samples []sample) sample {
	if len(samples) == 0 {
		return sample{}
	}
	walls, peaks := make([]time.Duration, len(samples)), make([]int64, len(samples))
	for i, s := range samples {
		walls[i], peaks[i] = s.wall, s.peak
	}
	slices.Sort(walls)
	slices.Sort(peaks)
	return sample{wall: walls[len(walls)/2], peak: peaks[len(peaks)/2]}
}
