package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"stackgen/schema"

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

// formatted gives the text of a Jsonnet file in Jsonnet's style, without the byte order
// mark that the formatter does not know. In that style JSON would be JSON no more.
func formatted(file, text string) (string, error) {
	switch filepath.Ext(file) {
	case ".yaml", ".yml":
		return "", fmt.Errorf("%s is YAML; only Jsonnet can be formatted", file)
	case ".json":
		return "", fmt.Errorf("%s is JSON; only Jsonnet can be formatted", file)
	}
	if err := schema.CheckText(file, text); err != nil {
		return "", err
	}
	out, err := formatter.Format(file, strings.TrimPrefix(text, "\ufeff"), formatter.DefaultOptions())
	if err != nil {
		return "", errors.New(strings.TrimSpace(err.Error()))
	}
	return out, nil
}

// replaceFile gives a file new content in one step: it has the old or the new
// one, whatever happens. A symbolic link stays one.
func replaceFile(link, text string) (err error) {
	file, err := filepath.EvalSymlinks(link)
	if err != nil {
		return err
	}
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
