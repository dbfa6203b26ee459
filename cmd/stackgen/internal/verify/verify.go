// Package verify asks the real programs whether they take a rendered tree.
//
// It takes the files of a tree and gives a result for each: what the programs say
// that read the format which the manifest states, or why nobody is asked. Nothing of
// the tree is run, and the author of a tree need not be trusted: scripts are only
// parsed, programs are called so that they load and start nothing that a file names,
// and what one does all the same it does in a box (package sandbox), from which nothing
// comes back but its words. A program that is missing makes a result skipped, one that
// is not done in time a result that is late: neither is passed.
package verify

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"stackgen/cmd/stackgen/internal/sandbox"
	"stackgen/render/artifact"
)

// State is how a check ended. The zero value is invalid.
type State string

// The states.
const (
	OK      State = "ok"
	Failed  State = "failed"
	Late    State = "late" // it was not done in time
	Skipped State = "skipped"
	Unread  State = "unread" // nobody reads it before the machine does
)

// Result is what one program says about one file.
type Result struct {
	Path    string // in the tree
	Checker string // the name of the check, in Names; the format of what is unread
	State   State
	Output  string // what the program said, or why nobody was asked
	Missing bool   // skipped for a program that is not installed
	Line    int    // of the file, that the output speaks of; 0 if it names none
}

// Options of a run.
type Options struct {
	// Open runs the programs without a box, as the caller, who sees and may change
	// what the caller does. It is for trees of people whom the caller trusts.
	Open bool
	// Say is called when a check is done, with how many are and how many there are.
	Say func(done, all int)
	// Patience is how long one call of a program may take; 0 is [Patience].
	Patience time.Duration
}

// Patience is how long a program may take if nothing else is said.
const Patience = 2 * time.Minute

// Names lists all checks.
func Names() (names []string) {
	for _, j := range judges() {
		names = append(names, j.name)
	}
	return slices.Compact(names)
}

// job is one call of a judge.
type job struct {
	judge judge
	files []artifact.File
}

// Run asks about the files of a tree, several at a time, and gives the results in the
// order of paths. It fails if there is no place for its temporary folder, if a box
// cannot be made where one is wanted, and when the context ends; nothing is left behind.
func Run(ctx context.Context, files []artifact.File, o Options) ([]Result, error) {
	top, err := os.MkdirTemp("", "stackgen-verify-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the checks: %w", err)
	}
	defer removeAll(top)
	if !o.Open {
		if err := sandbox.Available(ctx); err != nil {
			return nil, cmp.Or(context.Cause(ctx), err)
		}
	}
	o.Patience = cmp.Or(o.Patience, Patience)
	results := append(runAll(ctx, top, jobsFor(files), o), unread(files)...)
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Checker, b.Checker))
	})
	return results, nil
}

func runAll(ctx context.Context, top string, jobs []job, o Options) []Result {
	results := make([][]Result, len(jobs))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	var group sync.WaitGroup
	done := 0
	for i, j := range jobs {
		slots <- struct{}{}
		group.Go(func() {
			results[i] = j.run(ctx, top, o)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			done++
			if o.Say != nil {
				o.Say(done, len(jobs))
			}
		})
	}
	group.Wait()
	return slices.Concat(results...)
}

// removeAll removes a folder into which children of a program that was killed may
// still write for a while.
func removeAll(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func jobsFor(files []artifact.File) (jobs []job) {
	for _, asked := range judges() {
		byMachine := map[string]int{}
		for _, f := range files {
			if !slices.Contains(asked.formats, f.Format) {
				continue
			}
			if i, ok := byMachine[f.Machine]; ok && asked.together {
				jobs[i].files = append(jobs[i].files, f)
				continue
			}
			byMachine[f.Machine] = len(jobs)
			jobs = append(jobs, job{asked, []artifact.File{f}})
		}
	}
	return jobs
}

// run gives a result for each file. Of files that go together one is refused, and
// nobody knows about the others.
func (j job) run(ctx context.Context, top string, o Options) []Result {
	r, refused := j.result(ctx, top, o)
	results := make([]Result, len(j.files))
	for i, f := range j.files {
		results[i] = r
		if results[i].Path = f.TreePath(); r.State == Failed && i != refused {
			results[i].State, results[i].Line = Skipped, 0
			results[i].Output = j.files[refused].TreePath() + " is refused, which goes with it"
		}
	}
	return results
}

// result is that of all files, and which of them is refused if one is. It makes its
// folder in another.
func (j job) result(ctx context.Context, top string, o Options) (r Result, refused int) {
	r.Checker = j.judge.name
	for _, p := range j.judge.programs {
		if _, err := exec.LookPath(p); err != nil {
			r.State, r.Missing, r.Output = Skipped, true, p+" is not installed"
			return r, 0
		}
	}
	dir, err := sandbox.Scratch(top)
	if err != nil {
		r.State, r.Output = Failed, err.Error()
		return r, 0
	}
	defer removeAll(dir)
	w := work{ctx: ctx, dir: dir, options: o, netAdmin: j.judge.netAdmin, late: new(bool), refused: &refused}
	output, ok := j.judge.ask(w, j.files)
	r.Output = strings.TrimSpace(strings.ReplaceAll(output, w.path(""), ""))
	switch {
	case *w.late:
		r.State, r.Output = Late, fmt.Sprintf("%s is not done after %s", j.judge.name, o.Patience)
	case ok:
		r.State = OK
	default:
		r.State, r.Line = Failed, lineIn(r.Output)
	}
	return r, refused
}

// lineIn is the line of the file that a program's words name: "site.conf:4",
// "'default.vcl' Line 14", "at line 7".
func lineIn(output string) int {
	for _, form := range []string{
		`(?:script\.sh|site\.conf|pool\.conf|default\.vcl|interfaces|client\.ovpn|domain\.xml)'?(?::| [Ll]ine )(\d+)`, `\b[Ll]ine (\d+)`,
	} {
		if m := regexp.MustCompile(form).FindStringSubmatch(output); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits, and a number too large is no line
			return n
		}
	}
	return 0
}
