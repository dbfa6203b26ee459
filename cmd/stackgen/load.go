package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"stackgen/render"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/project"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultTopology is the file that is meant when none is named.
const defaultTopology = "topology.jsonnet"

// topologyFlags are the flags of every command that reads a topology:
// Jsonnet's own.
type topologyFlags struct {
	reportFlags
	limits
	jpath                            []string
	libraries                        []string // those of the project, then those of jpath; known after input
	extStr, extCode, tlaStr, tlaCode []string
}

func (f *topologyFlags) register(flags *pflag.FlagSet) {
	f.limits.register(flags)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show the whole trace of an error in the Jsonnet")
	flags.StringArrayVarP(&f.jpath, "jpath", "J", nil, "add a library `dir`; the last one given is searched first")
	flags.StringArrayVarP(&f.extStr, "ext-str", "V", nil, "set an external variable to text: `name[=text]`; no text: from the environment")
	flags.StringArrayVar(&f.extCode, "ext-code", nil, "set an external variable to Jsonnet: `name=code`")
	flags.StringArrayVarP(&f.tlaStr, "tla-str", "A", nil, "set a top-level argument to text: `name=text`")
	flags.StringArrayVar(&f.tlaCode, "tla-code", nil, "set a top-level argument to Jsonnet: `name=code`")
}

// load reads, checks and reports a topology. When it has errors they have been
// reported and the error is the exit status.
func (f *topologyFlags) load(cmd *cobra.Command, args []string) (*topology.Topology, diag.List, error) {
	in, err := f.input(cmd, args)
	if err != nil {
		return nil, nil, err
	}
	c, err := f.loadReported(cmd, in)
	if err != nil {
		return nil, c.diags, err
	}
	return c.topo, c.diags, nil
}

// checked is a topology, its findings, and what renders it.
type checked struct {
	topo      *topology.Topology
	diags     diag.List
	rendering *render.Rendering
}

// loadReported is load of an input.
func (f *topologyFlags) loadReported(cmd *cobra.Command, in schema.Input) (checked, error) {
	c, err := f.loadWithin(cmd, in)
	if err != nil {
		return c, err
	}
	return c, f.conclude(cmd, in, c.diags)
}

// conclude reports findings; if there are errors the error is the exit status.
func (f *topologyFlags) conclude(cmd *cobra.Command, in schema.Input, diags diag.List) error {
	if err := f.report(cmd, in, diags); err != nil {
		return err
	}
	if diags.HasErrors() {
		return exitStatus(exitInvalid)
	}
	return nil
}

// loadWithin reads and checks a topology within the limits, and shows how far it is.
func (f *topologyFlags) loadWithin(cmd *cobra.Command, in schema.Input) (checked, error) {
	var c checked
	p := newProgressLine(cmd.ErrOrStderr())
	defer p.end()
	in.Progress = p.report
	exceeded, err := f.limits.run(in, func(in schema.Input) (err error) {
		c, err = loadChecked(in)
		return err
	})
	if exceeded != nil {
		return checked{diags: exceeded}, nil // c is not ours
	}
	return c, err
}

// loadChecked reads and checks a topology, and says where its findings are.
func loadChecked(in schema.Input) (c checked, err error) {
	c.topo, c.diags, err = schema.Load(in)
	if err != nil {
		return c, err
	}
	if c.topo != nil {
		var diags diag.List
		diags, c.rendering = render.Prepare(c.topo)
		c.diags = schema.Judge(c.topo, append(c.diags, diags...))
	}
	c.diags = c.diags.Reported()
	schema.Locate(in, c.diags)
	return c, nil
}

// readable fails on a topology that is not there, before Jsonnet does it in
// words about imports.
func readable(cmd *cobra.Command, file string, named bool) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return hintedError{errors.New("there is no " + file + " in this folder"), howToName(cmd)}
	case err != nil:
		return fmt.Errorf("reading the topology: %w", err)
	case info.IsDir():
		return fmt.Errorf("reading the topology: %s is a folder", file)
	}
	return nil
}

// howToName is the command line again, with a topology. In the folder of a project
// there need be none that is the usual one.
func howToName(cmd *cobra.Command) string {
	words := append([]string{"name the topology:", cmd.CommandPath()}, cmd.Flags().Args()...)
	hint := strings.Join(append(words, "FILE"), " ")
	if p, err := projectOf(cmd); err == nil && len(p.Stacks) > 0 {
		return hint + "; " + project.FileName + " says where those of the project are"
	}
	return hint + "; stackgen init writes one to start from"
}

func (f *topologyFlags) input(cmd *cobra.Command, args []string) (in schema.Input, err error) {
	if err := f.arguments(&in); err != nil {
		return in, usageError{cmd.CommandPath(), err}
	}
	in.File = defaultTopology
	if len(args) > 0 {
		in.File = args[0]
	}
	if err := readable(cmd, in.File, len(args) > 0); err != nil {
		return in, err
	}
	p, err := projectOf(cmd)
	if err != nil {
		return in, err
	}
	f.libraries = append(p.JPath, f.jpath...)
	in.Importer = &jsonnet.FileImporter{JPaths: f.libraries}
	in.MaxStack = f.maxStack
	return in, nil
}

// arguments reads the values of flags that are more than text.
func (f *topologyFlags) arguments(in *schema.Input) (err error) {
	for _, v := range []struct {
		flag string
		from []string
		to   *map[string]string
	}{
		{"ext-str", f.extStr, &in.ExtVars}, {"ext-code", f.extCode, &in.ExtCode},
		{"tla-str", f.tlaStr, &in.TLAVars}, {"tla-code", f.tlaCode, &in.TLACode},
	} {
		if *v.to, err = variables(v.from); err != nil {
			return fmt.Errorf("--%s: %w", v.flag, err)
		}
	}
	return f.limits.validate()
}

// variables reads name=value; a name alone takes its value from the environment.
func variables(args []string) (map[string]string, error) {
	vars := make(map[string]string, len(args))
	for _, a := range args {
		name, value, ok := strings.Cut(a, "=")
		if name == "" {
			return nil, fmt.Errorf("%q has no name: NAME=VALUE is wanted", a)
		}
		if !ok {
			if value, ok = os.LookupEnv(name); !ok {
				return nil, fmt.Errorf("environment variable %s is not set", name)
			}
		}
		vars[name] = value
	}
	return vars, nil
}
