package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"stackgen/schema/rules"

	"github.com/spf13/cobra"
)

func explainCommand() *cobra.Command {
	var flags topologyFlags
	cmd := &cobra.Command{
		Use:   "explain [RULE | FILE:LINE [TOPOLOGY]]",
		Short: "tell what a rule is about, or where a rendered line comes from",
		Long: `Tells what a rule is about; without one, lists them all. Or tells which values
of a topology (topology.jsonnet unless named) a line of a rendered file comes
from, and where they are written: one value at a time is changed and the file
rendered again, and what is named is what changes the line.`,
		Example: "  stackgen explain addresses/duplicate\n  stackgen explain out/rtr01/vyos/commands.txt:17",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return errors.New("a rule or one line is explained at a time")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return listRules(cmd.OutOrStdout())
			case strings.Contains(args[0], ":"):
				return explainLine(cmd, &flags, args[0], args[1:])
			case len(args) == 2:
				return usageError{cmd.CommandPath(), fmt.Errorf("%q is not FILE:LINE", args[0])}
			}
			return explainRule(cmd.OutOrStdout(), args[0])
		},
	}
	flags.register(cmd.Flags())
	return cmd
}

func listRules(w io.Writer) error {
	for _, r := range rules.All() {
		if _, err := fmt.Fprintf(w, "%-32s %s\n", r.Name, r.What); err != nil {
			return err
		}
	}
	return nil
}

// explainRule prints what a rule finds, why, and what to do.
func explainRule(w io.Writer, name string) error {
	r, known := rules.Find(name)
	if !known {
		return hintedError{fmt.Errorf("there is no rule %q", name), "stackgen explain lists them"}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Name)
	for _, part := range []struct{ title, text string }{
		{"finds", r.What},
		{"why", r.Why},
		{"to do", r.Fix},
		{"breaks it", r.Breaks},
		{"does not", r.Passes},
		{"source", r.Source},
		{"severity", severityOf(r)},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", part.title, strings.ReplaceAll(strings.TrimRight(part.text, "\n"), "\n", "\n             "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func severityOf(r rules.Rule) string {
	if r.Firm {
		return "cannot be lowered"
	}
	return "can be lowered: policies: { '" + r.Name + "': … } with a reason"
}
