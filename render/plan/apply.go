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

// script is what stands before the functions of the steps: finished lines.
type script struct{ Stack, Domain, Runtime, Plan, Secrets, Guests, Homes string }

// Script gives the apply script of an ordered set, whose files are sorted: the plan of
// the stack as data, a function for each step, and the line that hands both to
// [Runtime]. It reads no contents. The functions of a large stack are megabytes: they
// are written once, where they stay.
func Script(t *topology.Topology, set artifact.Set) (artifact.File, error) {
	plan, err := templates.Text("plan/apply.sh.tmpl", script{
		Stack:   t.Name,
		Domain:  t.Domain,
		Runtime: digestLines(Runtime()),
		Plan:    rows(set.Steps),
		Secrets: strings.Join(secrets(set.Files), ""),
		Guests:  guests(t),
		Homes:   homes(t),
	})
	if err != nil {
		return artifact.File{}, fmt.Errorf("writing %s: %w", scriptName, err)
	}
	var b strings.Builder
	b.Grow(len(plan) + roomForFunctions(set.Steps, set.Files) + len(start))
	b.WriteString(plan)
	writeFunctions(&b, set.Steps, set.Files)
	b.WriteString(start)
	return artifact.File{Path: scriptName, Format: artifact.Shell, Content: b.String(), Script: true}, nil
}

// start is where the plan ends and its execution begins.
const start = `
if ! runtime | (cd "$HERE" && sha256sum --check --status) 2>/dev/null; then
  echo "apply.sh: $HERE/apply.d is missing or is not what this plan was rendered with; copy or render the whole tree" >&2
  exit 1
fi
# shellcheck source=/dev/null # the same for every stack, and looked at by itself
. "$HERE/apply.d/here.sh"
main "$@"
`

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
			write(&b, v.Name, " ", v.Host, " ", aliasOf(t, v), "\n")
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
