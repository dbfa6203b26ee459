// Command bench compares stackgen with its peer, go-jsonnet's own command, on
// the same work: whole processes in turn, medians, ratios and peak memory, next
// to the targets. It prints a table and, with -o, writes it as a page.
//
// The work is a stack of N web servers on N/50 hosts. The peer makes the same
// files of each server from templates in Jsonnet, without schema, types or
// checks; see workload.go.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// module is go-jsonnet, whose own command stackgen is compared with.
const module = "github.com/google/go-jsonnet"

func main() {
	sizes := flag.String("n", "4,100,1000,10000", "numbers of servers")
	runs := flag.Int("runs", 5, "runs of each command")
	page := flag.String("o", "", "write the table to this file, too")
	flag.Parse()
	if err := bench(*sizes, *runs, *page); err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

func bench(sizes string, runs int, page string) error {
	dir, err := os.MkdirTemp(memory(), "stackgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := bencher{dir: dir, runs: runs}
	if err := b.build(); err != nil {
		return err
	}
	var columns []column
	for _, s := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("-n: %w", err)
		}
		fmt.Fprintf(os.Stderr, "bench: %d servers\n", n)
		c, err := b.measure(n)
		if err != nil {
			return fmt.Errorf("%d servers: %w", n, err)
		}
		columns = append(columns, c)
	}
	text := tableText(columns)
	fmt.Print(text)
	if page == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(page), 0o755); err != nil {
		return err
	}
	return os.WriteFile(page, []byte(pageOf(text, runs)), 0o644)
}

// memory is a folder that is no disk, where there is one: what is compared is
// the programs.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// bencher runs the commands in a folder of its own.
type bencher struct {
	dir  string
	runs int
}

func (b bencher) path(parts ...string) string {
	return filepath.Join(append([]string{b.dir}, parts...)...)
}

// build makes both programs: the peer's is of the version that stackgen is
// linked with.
func (b bencher) build() error {
	if _, err := b.command("go", "build", "-o", b.path("stackgen"), "./cmd/stackgen"); err != nil {
		return err
	}
	version, err := b.command("go", "list", "-m", "-f", "{{.Version}}", module)
	if err != nil {
		return err
	}
	_, err = b.command("go", "install", module+"/cmd/jsonnet@"+strings.TrimSpace(version))
	return err
}

// command runs a tool that may build programs, as make does, and gives what it
// prints.
func (b bencher) command(argv ...string) (string, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "GOBIN="+b.dir, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", strings.Join(argv, " "), err)
	}
	return string(out), nil
}
