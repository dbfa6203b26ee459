package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"stackgen/cmd/stackgen/internal/sandbox"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	sandbox.Enter()
	testscript.Main(m, map[string]func(){"stackgen": main})
}

// TestScripts runs a script for each behaviour of the command line. $TOP is
// the repository.
func TestScripts(t *testing.T) {
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TOP", top)
			program, err := exec.LookPath("stackgen")
			if err != nil {
				return err
			}
			env.Setenv("STACKGEN", program)
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    cmdStatus,
			"same":      cmdSame,
			"remember":  cmdRemember,
			"untouched": cmdUntouched,
		},
	})
}

func condition(name string) (bool, error) {
	switch name {
	case "root":
		return os.Geteuid() == 0, nil
	case "exchange":
		return runtime.GOOS == "linux" || runtime.GOOS == "darwin", nil
	}
	return false, errors.New("unknown condition " + name)
}

// cmdStatus runs a program and wants an exit code: status 3 stackgen validate.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE PROGRAM [ARGUMENT]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdSame wants two folders to hold the same files: same DIR DIR.
func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same DIR DIR")
	}
	a, b := listing(ts, args[0], false), listing(ts, args[1], false)
	if (a == b) == neg {
		ts.Fatalf("%s:\n%s\n%s:\n%s", args[0], a, args[1], b)
	}
}

// cmdRemember notes content, inode and time of all files of a folder.
func cmdRemember(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(remembered(ts), []byte(listing(ts, args[0], true)), 0o600))
}

// remembered is a file: a tree is more than an environment has room for.
func remembered(ts *testscript.TestScript) string {
	return filepath.Join(ts.Getenv("TMPDIR"), "remembered")
}

// cmdUntouched wants them to be what they were.
func cmdUntouched(ts *testscript.TestScript, neg bool, args []string) {
	want, err := os.ReadFile(remembered(ts))
	ts.Check(err)
	if got := listing(ts, args[0], true); (got == string(want)) == neg {
		ts.Fatalf("%s is\n%s\nand was\n%s", args[0], got, want)
	}
}

func listing(ts *testscript.TestScript, dir string, identity bool) string {
	text, err := describeTree(ts.MkAbs(dir), identity)
	ts.Check(err)
	return text
}

// describeTree says what is below a folder, with times and inodes or not.
func describeTree(dir string, identity bool) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		line, err := describeEntry(dir, path, d, identity)
		b.WriteString(line + "\n")
		return err
	})
	return b.String(), err
}

func describeEntry(dir, path string, d fs.DirEntry, identity bool) (string, error) {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return "", err
	}
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() {
		return rel + " " + d.Type().String(), err
	}
	content, err := os.ReadFile(path)
	line := rel + " " + info.Mode().String() + " " + strconv.Quote(string(content))
	if identity {
		line += " " + info.ModTime().String() + " " + inode(info)
	}
	return line, err
}
