package plan

import (
	"maps"
	"strconv"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
)

// writeFunctions writes a function of bash for each step. Files are sorted; no
// step has one of those at the top.
func writeFunctions(b *strings.Builder, steps []artifact.Step, files []artifact.File) {
	own := maps.Collect(artifact.ByMachine(files))
	for i := range steps {
		writeFunction(b, &steps[i], own[steps[i].Machine])
	}
	b.WriteString("\n")
}

// writeFunction names the function after machine and step. The name of a machine
// has no underscore, so that two steps never share one; hyphens bash allows. A
// part that has no lines is left out.
func writeFunction(b *strings.Builder, s *artifact.Step, own []artifact.File) {
	machine, name := s.Machine, "step_"+s.Machine+"_"+s.Name
	if s.Machine == "" {
		machine, name = "-", "step_"+s.Name
	}
	write(b, "\n# ", machine, ": ", s.Summary, "\n", name, "() {\n  case $1 in\n")
	for _, part := range []struct {
		name  string
		lines []string
	}{
		{"files", fileLines(s, own)}, {"makes", thingLines(s.Makes)}, {"needs", s.Needs},
		{"check", s.Check}, {"apply", s.Apply}, {"verify", s.Verify},
		{"confirm", s.Confirm}, {"undo", s.Undo},
	} {
		if len(part.lines) == 0 {
			continue
		}
		write(b, "    ", part.name, ")\n")
		for _, line := range part.lines {
			write(b, "      ", line, "\n")
		}
		b.WriteString("      ;;\n")
	}
	b.WriteString("  esac\n}\n")
}

// fileLines name the files of a step: what is installed with owner and mode, and
// with its target where that differs from its place in the tree.
func fileLines(s *artifact.Step, own []artifact.File) (lines []string) {
	for i := range own {
		switch f := &own[i]; {
		case f.Step != s.Name:
		case f.Install == nil:
			lines = append(lines, shell.Join("reads", f.Path))
		default:
			lines = append(lines, shell.Join(installs(f)...))
		}
	}
	return lines
}

func installs(f *artifact.File) []string {
	words := []string{"installs", f.Path, f.Install.Owner + ":" + f.Install.Group,
		strconv.FormatUint(uint64(f.Install.Mode), 8)}
	if f.Install.Path != "/"+f.Path {
		words = append(words, f.Install.Path)
	}
	return words
}

func thingLines(things []artifact.Thing) (lines []string) {
	for _, t := range things {
		lines = append(lines, shell.Join(append([]string{"thing", t.Kind}, t.Words...)...))
	}
	return lines
}

// roomForFunctions is about how long the functions become, and seldom less.
func roomForFunctions(steps []artifact.Step, files []artifact.File) (bytes int) {
	const (
		frame = len("\n# : \nstep__() {\n  case $1 in\n  esac\n}\n")
		parts = 4 * len("    verify)\n      ;;\n")
		line  = len("      \n")
		entry = len("      installs  root:root 644\n")
	)
	for i := range steps {
		s := &steps[i]
		bytes += frame + parts + 2*len(s.Machine) + len(s.Name) + len(s.Summary)
		for _, lines := range [][]string{s.Needs, s.Check, s.Apply, s.Verify, s.Confirm, s.Undo} {
			for _, l := range lines {
				bytes += line + len(l)
			}
		}
		for _, t := range s.Makes {
			bytes += line + len("thing ") + len(t.Kind) + len(strings.Join(t.Words, " "))
		}
	}
	for i := range files {
		bytes += entry + len(files[i].Path)
	}
	return bytes
}
