package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stackgen/cmd/stackgen/internal/scaffold"

	"github.com/spf13/cobra"
)

func initCommand() *cobra.Command {
	template := formatFlag{value: "single", allowed: scaffold.Templates()}
	system := formatFlag{value: "github", allowed: scaffold.Systems()}
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "write a topology to start from, tests, and a CI recipe",
		Long: `Writes a commented topology that renders, tests of it, .gitattributes, a hook
for git and a recipe for CI into a folder (this one unless named). Overwrites
nothing. single is one web server, reference a whole stack with router and VPN,
ha two web servers on VLANs.`,
		Example: "  stackgen init && stackgen render\n  stackgen init --template reference --ci gitlab shop",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("one folder at most, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := scaffold.Files(template.value, system.value)
			if err != nil {
				return err
			}
			return writeNew(cmd, append(args, ".")[0], files)
		},
	}
	cmd.Flags().Var(&template, "template", "single, reference or ha")
	cmd.Flags().Var(&system, "ci", "github, gitlab or none")
	return cmd
}

// writeNew writes all files or none: it looks first whether one is there, and takes
// back what it made when one cannot be.
func writeNew(cmd *cobra.Command, dir string, files []scaffold.File) error {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return fmt.Errorf("starting a repository: %w", err)
		}
		return hintedError{fmt.Errorf("%s is there already, and nothing is overwritten", path),
			"name another folder: stackgen init DIR"}
	}
	var made []string
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		created, err := writeScaffold(path, f)
		if created {
			made = append(made, path)
		}
		if err != nil {
			for _, path := range made {
				os.Remove(path)
			}
			return fmt.Errorf("starting a repository: %w", err)
		}
	}
	for _, path := range made {
		fmt.Fprintf(cmd.ErrOrStderr(), "  A %s\n", path)
	}
	next := "stackgen render"
	if dir != "." {
		next = "cd " + dir + " && " + next
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "stackgen: hint: next: %s\n", next)
	return nil
}

func writeScaffold(path string, f scaffold.File) (created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	mode := fs.FileMode(0o644)
	if f.Script {
		mode = 0o755
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return false, err
	}
	_, err = file.Write(f.Content)
	return true, errors.Join(err, file.Close())
}
