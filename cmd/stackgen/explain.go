package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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

// listRules prints a line for each rule and each notice.
func listRules(w io.Writer) error {
	var lines []string
	for _, r := range rules.All() {
		lines = append(lines, fmt.Sprintf("%-32s %s\n", r.Name, r.What))
	}
	for _, n := range rules.Notices() {
		lines = append(lines, fmt.Sprintf("%-32s %s\n", n.Name, n.What))
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

// section is a part of an explanation; one without text is left out.
type section struct{ title, text string }

// explainRule prints what a rule finds, why, and what to do.
func explainRule(w io.Writer, name string) error {
	if r, known := rules.Find(name); known {
		return printSections(w, name, []section{
			{"finds", r.What}, {"why", r.Why}, {"to do", r.Fix}, {"breaks it", r.Breaks}, {"does not", r.Passes},
			{"source", r.Source}, {"severity", severityOf(r)},
		})
	}
	if n, known := rules.FindNotice(name); known {
		return printSections(w, name, []section{
			{"finds", n.What}, {"found by", n.By}, {"why", n.Why}, {"to do", n.Fix},
			{"source", n.Source}, {"severity", n.Severity},
		})
	}
	hint := "stackgen explain lists them"
	if _, err := os.Stat(name); err == nil {
		hint = "a line of a file is explained: stackgen explain " + name + ":1"
	}
	return hintedError{fmt.Errorf("there is no rule %q", name), hint}
}

func printSections(w io.Writer, name string, list []section) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", name)
	for _, s := range list {
		if s.text != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", s.title,
				strings.ReplaceAll(strings.TrimRight(s.text, "\n"), "\n", "\n             "))
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
