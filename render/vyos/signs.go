package vyos

import (
	"strconv"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the commands of a router.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	text := commandOf(q)
	if text == "" {
		return nil
	}
	return []artifact.Sign{{Path: commandsPath, Text: text}}
}

// commandOf is what the commands for a hop have in common.
func commandOf(q artifact.Query) string {
	at := q.Path
	router := at[2] == "router" && len(at) > 4
	switch {
	case q.Hop == artifact.Arrive && at[2] == "router", q.Hop == artifact.Listening && router:
		return " " + at[3] + " " + at[4] + " "
	case q.Hop == artifact.Arrive:
		return " ethernet " + q.Name() + " address "
	case q.Hop == artifact.DNAT:
		return " nat destination rule " + q.Name() + " "
	case q.Hop == artifact.SNAT && router:
		return " nat source rule " + sourceNumber(at[4], q.Name()) + " "
	case q.Hop == artifact.Verdict && router && len(at) > 5:
		return verdictOf(at)
	}
	return ""
}

// sourceNumber is the number of a rule of source NAT by what it follows from.
func sourceNumber(written, number string) string {
	if n, err := strconv.Atoi(number); written == "destination" && err == nil {
		return strconv.Itoa(topology.HairpinNumbers + n)
	}
	return number
}

// verdictOf is for a rule, the default action of a ruleset or zone, or the policy for a
// state.
func verdictOf(at []string) string {
	switch {
	case at[4] == "statePolicy":
		return " state-policy " + at[5] + " "
	case at[4] == "zones":
		return " zone " + at[5] + " default-action "
	case len(at) > 7:
		return "name " + at[5] + " rule " + at[7] + " "
	}
	return "name " + at[5] + " default-action "
}
