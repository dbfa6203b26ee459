package main

import (
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"

	"stackgen/schema/topology"

	"github.com/spf13/cobra"
)

// version is of the program; a project can ask for one at least.
const version = "0.1.0"

// licenses are the terms of what is linked into the program. A test writes it.
//
//go:embed licenses.txt
var licenses []byte

func versionCommand() *cobra.Command {
	var terms bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Long: `Prints the version of the program, what it was built from, and the version of
the topology language; or the licences of what is linked into it.`,
		Example: "  stackgen version\n  stackgen version --licenses",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if terms {
				_, err := cmd.OutOrStdout().Write(licenses)
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "stackgen %s (%s, %s, %s/%s)\ntopology language %s\n",
				version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH, topology.APIVersion)
			return err
		},
	}
	cmd.Flags().BoolVar(&terms, "licenses", false, "print the licences of what is linked into the program instead")
	return cmd
}

// revision is the commit that the program was built from, as far as the Go
// command has recorded it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "revision not recorded"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	switch r := settings["vcs.revision"]; {
	case r == "":
		return "revision not recorded"
	case settings["vcs.modified"] == "true":
		return "revision " + r[:min(12, len(r))] + ", modified"
	default:
		return "revision " + r[:min(12, len(r))]
	}
}
