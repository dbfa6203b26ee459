package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-jsonnet/formatter"
	"github.com/spf13/cobra"
)

func fmtCommand() *cobra.Command {
	var test bool
	cmd := &cobra.Command{
		Use:   "fmt [FILE]...",
		Short: "format Jsonnet files in place",
		Long: `Formats Jsonnet files (topology.jsonnet unless named) in place, in Jsonnet's own
style. With --test it writes nothing, lists the files that are not formatted and
exits 2 if there are any.`,
		Example: "  stackgen fmt\n  stackgen fmt --test *.jsonnet lib/*.libsonnet",
		RunE: func(cmd *cobra.Command, files []string) error {
			if len(files) == 0 {
				files = []string{defaultTopology}
				if err := readable(cmd, defaultTopology, false); err != nil {
					return err
				}
			}
			return formatFiles(cmd, files, test)
		},
	}
	cmd.Flags().BoolVarP(&test, "test", "l", false, "list the files that are not formatted, write nothing")
	return cmd
}

func formatFiles(cmd *cobra.Command, files []string, test bool) error {
	different := false
	for _, file := range files {
		old, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("formatting: %w", err)
		}
		text, err := formatted(file, string(old))
		if err != nil {
			return err
		}
		if text == string(old) {
			continue
		}
		different = true
		if test {
			fmt.Fprintln(cmd.OutOrStdout(), file)
		} else if err := replaceFile(file, text); err != nil {
			return fmt.Errorf("formatting: %w", err)
		}
	}
	if test && different {
		return exitStatus(exitDifferent)
	}
	return nil
}

// formatted gives the text of a Jsonnet file in Jsonnet's style.
func formatted(file, text string) (string, error) {
	if ext := filepath.Ext(file); ext == ".yaml" || ext == ".yml" {
		return "", fmt.Errorf("%s is YAML; only Jsonnet can be formatted", file)
	}
	out, err := formatter.Format(file, text, formatter.DefaultOptions())
	if err != nil {
		return "", errors.New(strings.TrimSpace(err.Error()))
	}
	return out, nil
}

// replaceFile gives a file new content in one step: it has the old or the new
// one, whatever happens.
func replaceFile(file, text string) (err error) {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".stackgen-fmt-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // nothing is left to remove after the rename
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
