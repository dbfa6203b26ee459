package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const scriptName = "apply.sh"

// script is what differs from stack to stack before the functions of its steps:
// finished lines.
type script struct{ Header, Stack, Plan, Secrets, Guests, Homes string }

// Script gives the apply script of an ordered set, whose files are sorted: the plan of
// the stack, a function for each step, and what is the same for every stack. It reads
// no contents. The functions of a large stack are tens of megabytes: they are written
// once, where they stay.
func Script(t *topology.Topology, set artifact.Set) (artifact.File, error) {
	plan, err := templates.Text("plan/apply.sh.tmpl", script{
		Header:  artifact.Header,
		Stack:   t.Name,
		Plan:    rows(set.Steps),
		Secrets: strings.Join(secrets(set.Files), ""),
		Guests:  guests(t),
		Homes:   homes(t),
	})
	if err != nil {
		return artifact.File{}, fmt.Errorf("writing %s: %w", scriptName, err)
	}
	fixed, err := fixedParts()
	if err != nil {
		return artifact.File{}, fmt.Errorf("writing %s: %w", scriptName, err)
	}
	var b strings.Builder
	b.Grow(len(plan) + roomForFunctions(set.Steps, set.Files) + len(fixed))
	b.WriteString(plan)
	writeFunctions(&b, set.Steps, set.Files)
	b.WriteString(fixed)
	return artifact.File{Path: scriptName, Content: b.String(), Script: true}, nil
}

// fixedParts are the parts 2 and 3 of the script, and the call of main.
func fixedParts() (string, error) {
	var b strings.Builder
	for _, name := range []string{
		"options", "secrets", "machines", "moves", "run", // part 2
		"step", "files", "removal", "guard", "network", "packages", // part 3
	} {
		section, err := templates.Text("plan/"+name+".sh.tmpl", nil)
		if err != nil {
			return "", err
		}
		write(&b, "\n", section)
	}
	b.WriteString("\nmain \"$@\"\n")
	return b.String(), nil
}

// rows tell of the steps in order, a line each.
func rows(steps []artifact.Step) string {
	var b strings.Builder
	for i := range steps {
		s := &steps[i]
		kind := "plain"
		if s.Guarded {
			kind = "guarded"
		}
		write(&b, cmp.Or(s.Machine, "-"), " ", s.Name, " ", kind, " ", s.Summary, "\n")
	}
	return b.String()
}

// secrets lists each use of a secret in a file that apply brings to a machine.
func secrets(files []artifact.File) []string {
	var lines []string
	for i := range files {
		f := &files[i]
		if f.Step == "" {
			continue
		}
		for _, s := range f.Secrets {
			lines = append(lines, s.Name+" "+string(s.Encoding)+" "+f.TreePath()+"\n")
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// guests lists the VMs whose host keys first boot makes.
func guests(t *topology.Topology) string {
	var b strings.Builder
	for i := range t.VMs {
		if v := &t.VMs[i]; knowsKeys(v) {
			write(&b, v.Name, " ", v.Host, " ", alias(t, v), "\n")
		}
	}
	return b.String()
}

// homes lists the hosts and where each VM belongs. With one host it can be nowhere
// else that apply reaches.
func homes(t *topology.Topology) string {
	if len(t.Hosts) < 2 {
		return ""
	}
	var b strings.Builder
	for i := range t.Hosts {
		write(&b, t.Hosts[i].Name, "\n")
	}
	for i := range t.VMs {
		v := &t.VMs[i]
		write(&b, v.Host, " ", v.Name, " ", v.UUID, "\n")
	}
	return b.String()
}

func write(b *strings.Builder, texts ...string) {
	for _, s := range texts {
		b.WriteString(s)
	}
}
