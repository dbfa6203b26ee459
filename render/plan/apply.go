package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const scriptName = "apply.sh"

// script is what differs in apply.sh from stack to stack: finished lines.
type script struct {
	Header, Stack string
	Steps         []function
	Secrets       []string
	Guests        []string
}

// function is a step as bash.
type function struct {
	Row, Title, Function string
	Parts                []part
}

// part is a branch of a step's function.
type part struct {
	Name  string
	Lines []string
}

func applyScript(t *topology.Topology, steps []artifact.Step, files []artifact.File) (artifact.File, error) {
	view := script{Header: artifact.Header, Stack: t.Name, Secrets: secrets(files), Guests: guests(t)}
	byStep := filesByStep(files)
	for _, s := range steps {
		view.Steps = append(view.Steps, stepFunction(s, byStep[s.ID()]))
	}
	var sections []string
	for _, name := range sectionNames() {
		s, err := templates.Text(templates.Must("plan/"+name+".sh.tmpl"), view)
		if err != nil {
			return artifact.File{}, fmt.Errorf("writing %s: %w", scriptName, err)
		}
		sections = append(sections, s)
	}
	return artifact.File{Path: scriptName, Content: strings.Join(append(sections, "main \"$@\"\n"), "\n"), Script: true}, nil
}

// sectionNames are the templates that make up the script. The first is about
// this stack, the others are fixed.
func sectionNames() []string {
	return []string{
		"apply",                                 // part 1
		"options", "secrets", "machines", "run", // part 2
		"step", "files", "removal", "guard", "network", "packages", // part 3
	}
}

func filesByStep(files []artifact.File) map[string][]artifact.File {
	byStep := make(map[string][]artifact.File)
	for _, f := range files {
		if f.Step != "" {
			id := artifact.Step{Machine: f.Machine, Name: f.Step}.ID()
			byStep[id] = append(byStep[id], f)
		}
	}
	return byStep
}

// stepFunction names the function after machine and step. The name of a machine
// has no underscore, so that two steps never share one; hyphens bash allows.
func stepFunction(s artifact.Step, files []artifact.File) function {
	machine, name := cmp.Or(s.Machine, "-"), "step_"+s.Machine+"_"+s.Name
	if s.Machine == "" {
		name = "step_" + s.Name
	}
	kind := "plain"
	if s.Guarded {
		kind = "guarded"
	}
	f := function{
		Row:      strings.Join([]string{machine, s.Name, kind, s.Summary}, " "),
		Title:    machine + ": " + s.Summary,
		Function: name,
	}
	for _, p := range []part{
		{"files", fileLines(files)}, {"makes", thingLines(s.Makes)},
		{"check", s.Check}, {"apply", s.Apply}, {"verify", s.Verify},
		{"confirm", s.Confirm}, {"undo", s.Undo},
	} {
		if len(p.Lines) > 0 {
			f.Parts = append(f.Parts, p)
		}
	}
	return f
}

// fileLines name the files of a step: what is installed with owner and mode, and
// with its target where that differs from its place in the tree.
func fileLines(files []artifact.File) []string {
	var lines []string
	for _, f := range files {
		if f.Install == nil {
			lines = append(lines, shell.Join("reads", f.Path))
			continue
		}
		words := []string{"installs", f.Path, f.Install.Owner + ":" + f.Install.Group, strconv.FormatUint(uint64(f.Install.Mode), 8)}
		if f.Install.Path != "/"+f.Path {
			words = append(words, f.Install.Path)
		}
		lines = append(lines, shell.Join(words...))
	}
	return lines
}

func thingLines(things []artifact.Thing) (lines []string) {
	for _, t := range things {
		lines = append(lines, shell.Join(append([]string{"thing", t.Kind}, t.Words...)...))
	}
	return lines
}

// secrets lists each use of a secret in a file that apply brings to a machine.
func secrets(files []artifact.File) []string {
	var lines []string
	for _, f := range files {
		if f.Step == "" {
			continue
		}
		for _, s := range f.Secrets {
			lines = append(lines, s.Name+" "+string(s.Encoding)+" "+f.TreePath())
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// guests lists the VMs whose host keys first boot makes.
func guests(t *topology.Topology) []string {
	var lines []string
	for i := range t.VMs {
		if v := &t.VMs[i]; knowsKeys(v) {
			lines = append(lines, v.Name+" "+v.Host+" "+alias(t, v))
		}
	}
	return lines
}
