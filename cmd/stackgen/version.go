package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"stackgen/schema/topology"

	"github.com/spf13/cobra"
)

// version is of the program; a project can ask for one at least.
const version = "0.1.0"

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "print the version",
		Long:    "Prints the version of the program, what it was built from, and the version of\nthe topology language.",
		Example: "  stackgen version",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "stackgen %s (%s, %s, %s/%s)\ntopology language %s\n",
				version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH, topology.APIVersion)
			return err
		},
	}
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
