package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "stackgen",
		Short: "stackgen renders a virtualised application stack from one topology.",
		Example: "  stackgen render              # topology.jsonnet into out/\n" +
			"  stackgen render --help       # about a command",
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:                       knownCommand,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetHelpFunc(showHelp)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{c.CommandPath(), err} })
	root.AddCommand(
		initCommand(),
		renderCommand(),
		diffCommand(),
		verifyCommand(),
		testCommand(),
		validateCommand(),
		showCommand(),
		explainCommand(),
		traceCommand(),
		graphCommand(),
		schemaCommand(),
		fmtCommand(),
		versionCommand(),
		completionCommand(),
	)
	root.SetHelpCommand(helpCommand(root))
	usageErrors(root)
	return root
}

// usageErrors makes a usage error of every complaint about arguments.
func usageErrors(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{c.CommandPath(), err}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		usageErrors(sub)
	}
}

// knownCommand refuses the name of a command that there is not.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return noCommand(root, args[0])
}

func noCommand(root *cobra.Command, name string) error {
	err := fmt.Errorf("there is no command %q", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return hintedError{err, "did you mean " + strings.Join(near, " or ") + "?"}
	}
	return err
}

// atMostOneTopology is the rule for the arguments of most commands.
func atMostOneTopology(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("one topology at most, not %d", len(args))
	}
	return nil
}

// noArguments is the rule for commands that take none.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return errors.New("no arguments are taken here, such as " + args[0])
	}
	return nil
}
