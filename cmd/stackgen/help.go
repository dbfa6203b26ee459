package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// screen is what a help text fits: the usual terminal.
const screenWidth, screenHeight = 80, 24

// showHelp introduces a command: what it does, how it is called, examples,
// flags.
func showHelp(c *cobra.Command, _ []string) {
	w := c.OutOrStdout()
	flags := flagUsages(c) // first: it decides whether the line of usage has any
	fmt.Fprintf(w, "%s\n\nUsage: %s\n", description(c), usageText(c))
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(w)
		listCommands(w, c)
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\n%s\n", c.Example)
	}
	if flags != "" {
		fmt.Fprintf(w, "\n%s", flags)
	}
}

func description(c *cobra.Command) string {
	if c.Long != "" {
		return c.Long
	}
	return c.Short
}

func usageText(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " COMMAND"
	}
	return c.UseLine()
}

func listCommands(w io.Writer, c *cobra.Command) {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			fmt.Fprintf(w, "  %-11s %s\n", sub.Name(), sub.Short)
		}
	}
}

// flagUsages leaves out --help, which every command has, and what pflag says
// about flags that need no value.
func flagUsages(c *cobra.Command) string {
	if h := c.Flags().Lookup("help"); h != nil {
		h.Hidden = true
	}
	return strings.ReplaceAll(c.LocalFlags().
		FlagUsagesWrapped(screenWidth), "[=true|false]", strings.Repeat(" ", len("[=true|false]")))
}

func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "show what a command does",
		Example: "  stackgen help render",
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usageError{"stackgen", noCommand(root, strings.Join(args, " "))}
			}
			return c.Help()
		},
	}
}

func completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion " + strings.Join(shells, "|"),
		Short:     "print a script that completes commands in a shell",
		Example:   "  source <(stackgen completion bash)\n  stackgen completion fish > ~/.config/fish/completions/stackgen.fish",
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return errors.New("one shell is wanted: " + strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			w := c.OutOrStdout()
			switch args[0] {
			case "bash":
				return c.Root().GenBashCompletionV2(w, true)
			case "zsh":
				return c.Root().GenZshCompletion(w)
			case "fish":
				return c.Root().GenFishCompletion(w, true)
			}
			return c.Root().GenPowerShellCompletionWithDesc(w)
		},
	}
}
