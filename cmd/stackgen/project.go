package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/project"

	"github.com/google/go-jsonnet"
	"github.com/spf13/cobra"
)

// projectRead is the project file of a run, once it has been read: several stacks of a
// run ask for it.
type projectRead struct {
	once    sync.Once
	project project.Project
	err     error
}

// projectKey finds the projectRead of a run in the context of its command.
type projectKey struct{}

// projectOf is the project file of this folder. Without one the project is
// empty. When it is not sound its findings have been reported and the error is the
// exit status.
func projectOf(cmd *cobra.Command) (project.Project, error) {
	read := cmd.Context().Value(projectKey{}).(*projectRead)
	read.once.Do(func() { read.project, read.err = readProject(cmd) })
	return read.project, read.err
}

func readProject(cmd *cobra.Command) (project.Project, error) {
	if _, err := os.Lstat(project.FileName); errors.Is(err, fs.ErrNotExist) {
		return project.Project{}, nil
	}
	if err := readable(cmd, project.FileName, true); err != nil {
		return project.Project{}, err
	}
	set := usualLimits()
	if timeout, err := cmd.Flags().GetDuration("timeout"); err == nil {
		set.timeout = timeout
	}
	in := schema.Input{File: project.FileName, Importer: &jsonnet.FileImporter{}}
	var p *project.Project
	var diags diag.List
	exceeded, err := set.run(in, func(in schema.Input) (err error) {
		p, diags, err = schema.LoadProject(in)
		return err
	})
	if err != nil {
		return project.Project{}, fmt.Errorf("reading the project file: %w", err)
	}
	if exceeded != nil {
		return project.Project{}, reportUnsound(cmd, in, exceeded, false)
	}
	if p == nil {
		return project.Project{}, reportUnsound(cmd, in, diags, false)
	}
	if p.Requires != "" && project.Older(version, p.Requires) {
		err := fmt.Errorf("%s wants stackgen %s or later, and this is %s", project.FileName, p.Requires, version)
		return *p, hintedError{err, "install a newer one; what an older one renders would differ"}
	}
	return *p, nil
}

// reportUnsound reports what is wrong with a file that is not a topology. The error is the
// exit status.
func reportUnsound(cmd *cobra.Command, in schema.Input, diags diag.List, verbose bool) error {
	schema.Locate(in, diags)
	report := reportFlags{format: formatFlag{value: "text"}, verbose: verbose}
	if err := report.report(cmd, in, diags); err != nil {
		return err
	}
	return exitStatus(exitInvalid)
}

// topologies are the files that are meant: those that are named, else those of
// the project, else the usual one. Several are told from one, since each has an
// output folder of its own then.
func topologies(p project.Project, args []string) (files []string, several bool, err error) {
	switch {
	case len(args) > 0:
		return distinct(args), len(args) > 1 || len(p.Stacks) > 0, nil
	case len(p.Stacks) == 0:
		return nil, false, nil
	}
	for _, pattern := range p.Stacks {
		found, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(found) == 0 {
			return nil, true, hintedError{fmt.Errorf("%s: no file fits %q", project.FileName, pattern),
				cmp.Or(errorText(err), "stacks are named as seen from the folder of the project file")}
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return distinct(files), true, nil
}

// distinct leaves out files that are named again, in whatever way.
func distinct(files []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool {
		again := seen[filepath.Clean(file)]
		seen[filepath.Clean(file)] = true
		return again
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
