package service

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of a variable in the environment of a program, and of its command:
// where it listens and what it connects to is its own to say.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if len(q.Path) < 4 || q.Path[2] != "services" {
		return nil
	}
	program, container := unitPath(q.Path[3]), quadletPath(q.Path[3])
	signs := []artifact.Sign{{Path: program, Text: "ExecStart="}, {Path: container, Text: "Image="}}
	if q.Hop == artifact.Asked {
		variable := "Environment=" + q.Name() + "="
		return append([]artifact.Sign{{Path: program, Text: variable}, {Path: container, Text: variable}}, signs...)
	}
	return signs
}

func unitPath(name string) string { return "etc/systemd/system/" + name + ".service" }

func quadletPath(name string) string { return "etc/containers/systemd/" + name + ".container" }
