package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"
)

// row is a line of the table: a figure for each number of servers and what it
// should be at most, by number of servers.
type row struct {
	name   string
	figure func(column) float64 // NaN: not measured
	format string
	target map[int]float64
}

func rows() []row {
	ratio := func(over func(column) time.Duration, of func(column) time.Duration) func(column) float64 {
		return func(c column) float64 {
			if over(c) == 0 {
				return math.NaN()
			}
			return float64(of(c)) / float64(over(c))
		}
	}
	render := func(c column) time.Duration { return c.render.wall }
	return []row{
		{"time / evaluate without `%` and write the same bytes", ratio(func(c column) time.Duration { return c.evaluate.wall + c.floor.wall }, render), "%.2f",
			map[int]float64{100: 1.1, 1000: 1.0, 10000: 1.0}},
		{"time / `jsonnet -m` with `%`", ratio(func(c column) time.Duration { return c.percent.wall }, render), "%.4f",
			map[int]float64{4: 1.0 / 10, 100: 1.0 / 60, 1000: 1.0 / 80}},
		{"time / `jsonnet -m` without `%`", ratio(func(c column) time.Duration { return c.plus.wall }, render), "%.2f",
			map[int]float64{4: 1.4, 100: 0.9, 1000: 0.5, 10000: 0.45}},
		{"unchanged input: time / `jsonnet` on `null`", ratio(func(c column) time.Duration { return c.null.wall }, func(c column) time.Duration { return c.again.wall }), "%.2f",
			map[int]float64{4: 2.5, 100: 2.5, 1000: 2.5, 10000: 2.5}},
		{"peak memory, MiB", func(c column) float64 { return float64(c.render.peak) / (1 << 20) }, "%.0f",
			map[int]float64{4: 30, 100: 40, 1000: 60, 10000: 200}},
		{"time, ms", func(c column) float64 { return float64(c.render.wall.Milliseconds()) }, "%.0f", nil},
		{"one server changed: time, ms", func(c column) float64 { return float64(c.edit.wall.Milliseconds()) }, "%.0f", nil},
		{"one server changed: files written", func(c column) float64 { return float64(c.written) }, "%.0f", nil},
		{"files", func(c column) float64 { return float64(c.files) }, "%.0f", nil},
	}
}

// tableText is in Markdown; a figure that misses its target is bold.
func tableText(columns []column) string {
	var b strings.Builder
	b.WriteString("| |")
	for _, c := range columns {
		fmt.Fprintf(&b, " N=%d |", c.n)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, r := range rows() {
		b.WriteString("| " + r.name + " |")
		for _, c := range columns {
			b.WriteString(" " + r.cell(c) + " |")
		}
		b.WriteString("\n")
	}
	return b.String() + growth(columns)
}

func (r row) cell(c column) string {
	v := r.figure(c)
	if math.IsNaN(v) {
		return "–"
	}
	text := fmt.Sprintf(r.format, v)
	target, ok := r.target[c.n]
	if !ok {
		return text
	}
	if v > target {
		text = "**" + text + "**"
	}
	return text + " (≤ " + fmt.Sprintf(r.format, target) + ")"
}

// growth is how time and memory grow between the last two columns, as exponents.
func growth(columns []column) string {
	if len(columns) < 2 {
		return ""
	}
	a, z := columns[len(columns)-2], columns[len(columns)-1]
	exponent := func(from, to float64) float64 { return math.Log(to/from) / math.Log(float64(z.n)/float64(a.n)) }
	return fmt.Sprintf("\nFrom N=%d to N=%d time grows with exponent %.2f (≤ 1.1), memory with %.2f (≤ 0.8).\n", a.n, z.n,
		exponent(float64(a.render.wall), float64(z.render.wall)), exponent(float64(a.render.peak), float64(z.render.peak)))
}

func pageOf(table string, runs int) string {
	return fmt.Sprintf(`# Performance

Written by `+"`make bench`"+` on %s: %s/%s, %d processors, %s; medians of %d runs
of whole processes (four times as many of the smallest, 3 of the largest), in turn, with the output in memory. In brackets are the
targets; what misses its target is bold.

The work is N web servers on N/50 hosts. The peer, go-jsonnet's own command,
makes the same files of each server from templates, without schema, types and
checks, and without the files of hosts, the apply script and the manifest.

%s
A process of stackgen starts in 5 ms where one of the peer needs 2, most of it
for the library that validates: it prepares the schemas of schemas, and then the
part of ours that the topology is about, in each run. Of four machines that is half
of all. A library that others keep is worth it.

Unchanged input is known by its digest. That the tree is still what was rendered
takes a look at each file, at some two microseconds. To look at the manifest alone
would take as long at any size, and would not notice a file that someone has edited
or removed.

After a change each file is compared with what is on the disk. What differs is
written; the rest of the new tree is links to the files of the old one, whose place
it takes in one step. That is more work for each file than to write it into an
empty folder.

Files are handed over while others are still to be made, and forgotten: what is in
memory of a large stack is its model, its steps and the list of its files.
`, time.Now().UTC().Format("2 January 2006"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), runs, table)
}
