// Package verify asks the real programs whether they take a rendered tree.
//
// It takes the files of a tree and gives a result for each file that some
// program can judge. Nothing of the tree is run: scripts are only parsed, and
// what a program needs to start is made in a temporary folder, without network,
// without touching what the machine itself runs. A program that is missing makes
// a result skipped, never passed.
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

	"stackgen/render/artifact"
)

// State is how a check ended. The zero value is invalid.
type State string

// The states.
const (
	OK      State = "ok"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Result is what one program says about one file.
type Result struct {
	Path    string // in the tree
	Checker string // the name of the check, in Names
	State   State
	Output  string // what the program said, or why it was skipped
	Missing bool   // skipped for a program that is not installed
	Line    int    // of the file, that the output speaks of; 0 if it names none
}

// checker is a kind of check: a program and the files that it reads.
type checker struct {
	name     string
	programs []string
	reads    func(artifact.File) bool
	// together is for files of a machine that only make sense in their order.
	together bool
	check    func(w work, files []artifact.File) (output string, ok bool)
}

// Names lists all checks.
func Names() (names []string) {
	for _, c := range checkers() {
		names = append(names, c.name)
	}
	return slices.Compact(names)
}

// job is one call of a check.
type job struct {
	checker checker
	files   []artifact.File
}

// Run runs all checks on the files of a tree, several at a time, and gives the
// results in the order of paths. Each is said when it is there. It fails if there is no
// place for its temporary folder, and when the context ends; nothing is left behind.
func Run(ctx context.Context, files []artifact.File, say func(done, all int)) ([]Result, error) {
	top, err := os.MkdirTemp("", "stackgen-verify-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the checks: %w", err)
	}
	defer removeAll(top)
	jobs := jobsFor(files)
	results := make([]Result, len(jobs))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	var group sync.WaitGroup
	done := 0
	for i, j := range jobs {
		slots <- struct{}{}
		group.Go(func() {
			results[i] = j.run(ctx, top)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			done++
			say(done, len(jobs))
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Checker, b.Checker))
	})
	return results, nil
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
	for _, c := range checkers() {
		byMachine := map[string]int{}
		for _, f := range files {
			if !c.reads(f) {
				continue
			}
			if i, ok := byMachine[f.Machine]; ok && c.together {
				jobs[i].files = append(jobs[i].files, f)
				continue
			}
			byMachine[f.Machine] = len(jobs)
			jobs = append(jobs, job{c, []artifact.File{f}})
		}
	}
	return jobs
}

// run makes its folder in another.
func (j job) run(ctx context.Context, top string) Result {
	r := Result{Path: j.files[0].TreePath(), Checker: j.checker.name}
	if j.checker.check == nil {
		r.State, r.Output = Skipped, "nothing outside of the machine itself can judge it"
		return r
	}
	for _, p := range j.checker.programs {
		if _, err := exec.LookPath(p); err != nil {
			r.State, r.Missing, r.Output = Skipped, true, p+" is not installed"
			return r
		}
	}
	dir, err := os.MkdirTemp(top, "")
	if err != nil {
		r.State, r.Output = Failed, err.Error()
		return r
	}
	defer os.RemoveAll(dir)
	output, ok := j.checker.check(work{ctx, dir}, j.files)
	r.Output = strings.TrimSpace(strings.ReplaceAll(output, dir+"/", ""))
	r.State = OK
	if !ok {
		r.State = Failed
		r.Line = lineIn(r.Output)
	}
	return r
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

// work is the folder of one check, and how long it may go on.
type work struct {
	ctx context.Context
	dir string
}

func (w work) path(name string) string { return w.dir + "/" + name }

// put writes a file into the folder and gives its path.
func (w work) put(name, text string) string {
	if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
		return w.path(name) // the program says that it is missing
	}
	return w.path(name)
}

// patience is how long a program may take.
const patience = 2 * time.Minute

// ask runs a program with nothing on its standard input.
func (w work) ask(argv ...string) (output string, ok bool) { return w.feed("", argv...) }

// feed runs a program with text on its standard input.
func (w work) feed(input string, argv ...string) (output string, ok bool) {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second // for what it has started
	cmd.Dir, cmd.Stdin = w.dir, strings.NewReader(input)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+w.dir, "XDG_CACHE_HOME="+w.dir)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}
