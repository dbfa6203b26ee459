package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"stackgen/cmd/stackgen/internal/report"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"

	"github.com/spf13/cobra"
)

// traceOptions are what is said of a connection beside its ends.
type traceOptions struct {
	host       string
	sourcePort int
}

func traceCommand() *cobra.Command {
	var flags topologyFlags
	var opts traceOptions
	format := formatFlag{value: "text", allowed: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "trace FROM tcp|udp|icmp TO [TOPOLOGY]",
		Short: "walk a connection through the model, hop by hop",
		Long: `Walks a connection through a topology (topology.jsonnet unless named): through
address translation and firewall to what listens, on to backend, pool and
database, and its answer back. FROM is internet, a machine, a VPN client or an
address outside; TO is ADDRESS:PORT or MACHINE:PORT. Each hop names the line
that makes it so. Exits 2 when it ends before it is there.`,
		Example: "  stackgen trace internet tcp 46.4.71.77:80\n  stackgen trace web01 tcp db01:3306",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 3 || len(args) > 4 {
				return errors.New("FROM, a protocol and TO are wanted, such as internet tcp 192.0.2.1:80")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := flags.input(cmd, args[3:])
			if err != nil {
				return err
			}
			return trace(cmd, &flags, in, args, opts, format.value)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().StringVar(&opts.host, "host", "", "the `name` in the request, which picks a site")
	cmd.Flags().IntVar(&opts.sourcePort, "source-port", 0,
		"the `port` that it comes from; 0: any")
	cmd.Flags().Var(&format, "output", "text or json")
	return cmd
}

// trace walks through what the topology says, sound or not: what is wrong with
// it is where the walk ends.
func trace(cmd *cobra.Command, flags *topologyFlags, in schema.Input, args []string, opts traceOptions,
	format string) error {
	var topo *topology.Topology
	var diags diag.List
	exceeded, err := flags.limits.run(in, func(in schema.Input) (err error) {
		topo, diags, err = schema.Model(in)
		return err
	})
	if err != nil {
		return err
	}
	if exceeded != nil {
		return flags.conclude(cmd, in, exceeded)
	}
	if topo == nil {
		schema.Locate(in, diags)
		if err := flags.report(cmd, in, diags); err != nil {
			return err
		}
		return exitStatus(exitInvalid)
	}
	n := flow.New(topo)
	w, err := n.Connect(flow.Question{From: args[0], Protocol: args[1], To: args[2], SourcePort: opts.sourcePort})
	if err != nil {
		return usageError{cmd.CommandPath(), err}
	}
	n.Follow(w, opts.host)
	var hops []tracedHop
	if err := flags.limits.within(in, func(in schema.Input) error {
		hops = tracedHops(in, topo, w)
		return nil
	}); err != nil {
		return err
	}
	if format == "json" {
		err = printHopsJSON(cmd.OutOrStdout(), w, hops)
	} else {
		err = printHops(cmd.OutOrStdout(), w, hops)
	}
	if err == nil && !w.Reached() {
		return exitStatus(exitDifferent)
	}
	return err
}

// tracedHop is a hop and where it is written down.
type tracedHop struct {
	flow.Hop
	artifact string   // path in the output tree and lines, if there is one
	pos      diag.Pos // in the source
}

// location is the rendered line that makes a hop so, or else the source's.
func (h tracedHop) location() string {
	switch {
	case h.artifact != "":
		return h.artifact
	case h.pos.IsValid():
		return h.pos.String()
	}
	return ""
}

// tracedHops finds the lines of all hops.
func tracedHops(in schema.Input, t *topology.Topology, w *flow.Walk) []tracedHop {
	var diags diag.List
	for _, h := range w.Hops {
		diags.Errorf("", h.Path, "").AtKey()
	}
	schema.Locate(in, diags)
	find := artifactLines(in, t)
	hops := make([]tracedHop, len(w.Hops))
	for i, h := range w.Hops {
		hops[i] = tracedHop{h, find(h), diags[i].Pos}
	}
	return hops
}

// printHops prints a line a hop: number, kind, what happens, where it is written.
func printHops(w io.Writer, walk *flow.Walk, hops []tracedHop) error {
	width := 0
	for _, h := range hops {
		width = max(width, report.Width(report.Printable(h.Text)))
	}
	var b strings.Builder
	for i, h := range hops {
		text := report.Printable(h.Text)
		text += strings.Repeat(" ", width-report.Width(text))
		line := fmt.Sprintf("%2d %-8s  %s  %s", i+1, h.Kind, text, report.Printable(h.location()))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if walk.Reached() {
		b.WriteString("reachable\n")
	} else {
		b.WriteString("not reachable: " + report.Printable(walk.Stopped().Text) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
