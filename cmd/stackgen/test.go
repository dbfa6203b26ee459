package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"stackgen/cmd/stackgen/internal/trial"
	"stackgen/render/plan"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/suite"

	"github.com/spf13/cobra"
)

// testFlags are those of test.
type testFlags struct {
	topologyFlags
	run    string
	update bool
}

func testCommand() *cobra.Command {
	var flags testFlags
	cmd := &cobra.Command{
		Use:   "test [DIR or FILE]...",
		Short: "try what you expect of a stack",
		Long: `Runs the tests in all files *_test.jsonnet of a folder (this one unless named)
and of those below: connections that arrive or do not, findings, what stands in
a file, whole trees. stackgen schema --test says what a test can be. Shows what
fails, with -v what passes, too. Exits 2 when something expected does not hold.`,
		Example: "  stackgen test\n  stackgen test --run database --output junit stacks > report.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := regexp.Compile(flags.run)
			if err != nil {
				return usageError{cmd.CommandPath(), fmt.Errorf("--run: %w", err)}
			}
			files, err := testFiles(args)
			if err != nil {
				return err
			}
			return runTests(cmd, &flags, files, chosen)
		},
	}
	flags.register(cmd.Flags())
	flags.format = formatFlag{value: "text", allowed: []string{"text", "tap", "junit", "github"}}
	cmd.Flags().Var(&flags.format, "output", "text, tap, junit or github")
	cmd.Flags().StringVar(&flags.run, "run", "", "only the tests whose name matches a `regexp`")
	cmd.Flags().BoolVar(&flags.update, "update", false, "write golden trees instead of comparing with them")
	return cmd
}

// testEnd is how the names of test files end.
const testEnd = "_test.jsonnet"

// testFiles lists the test files that are named, or are in a folder that is.
func testFiles(args []string) (files []string, err error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, arg := range args {
		n := len(files)
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != arg && isElsewhere(path):
				return filepath.SkipDir
			case !d.IsDir() && (path == arg || strings.HasSuffix(path, testEnd)):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("looking for tests: %w", err)
		}
		if len(files) == n {
			return nil, hintedError{errors.New("there is no test in " + arg),
				"write one: " + filepath.Join(arg, "stack"+testEnd) + "; stackgen schema --test says what it can be"}
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// isElsewhere tells folders in which nobody keeps tests: hidden ones, and
// rendered trees.
func isElsewhere(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, plan.ManifestName))
	return err == nil || strings.HasPrefix(filepath.Base(dir), ".")
}

// runTests runs all files, reports, and says how it went.
func runTests(cmd *cobra.Command, flags *testFlags, files []string, chosen *regexp.Regexp) error {
	var result testRun
	invalid := false
	for _, file := range files {
		in, err := flags.input(cmd, []string{file})
		if err != nil {
			return err
		}
		tested, err := runFile(cmd, flags, in, chosen)
		var status exitStatus
		switch {
		case errors.As(err, &status):
			invalid = true
		case err != nil:
			return fmt.Errorf("%s: %w", file, err)
		default:
			result = append(result, tested)
		}
	}
	if err := result.print(cmd.OutOrStdout(), flags); err != nil {
		return fmt.Errorf("reporting: %w", err)
	}
	switch {
	case invalid:
		return exitStatus(exitInvalid)
	case result.failed() > 0:
		return exitStatus(exitDifferent)
	}
	return nil
}

// runFile runs the tests of one file. When it is not sound its findings have been
// reported and the error is the exit status.
func runFile(cmd *cobra.Command, flags *testFlags, in schema.Input, chosen *regexp.Regexp) (testedFile, error) {
	tested := testedFile{name: filepath.ToSlash(in.File)}
	var s *suite.Suite
	var diags diag.List
	exceeded, err := flags.limits.run(in, func(in schema.Input) (err error) {
		s, diags, err = schema.LoadSuite(in)
		return err
	})
	if err != nil {
		return tested, err
	}
	if exceeded != nil {
		return tested, reportUnsound(cmd, in, exceeded, flags.verbose)
	}
	if s == nil {
		return tested, reportUnsound(cmd, in, diags, flags.verbose)
	}
	err = trial.Run(s, trial.Options{
		Dir: filepath.Dir(in.File), Update: flags.update, Chosen: chosen.MatchString,
		Visited: func(r trial.Result) {
			schema.Locate(in, r.Failures)
			tested.results = append(tested.results, r)
		},
	})
	return tested, err
}
