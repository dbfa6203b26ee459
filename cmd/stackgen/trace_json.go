package main

import (
	"encoding/json"
	"io"

	"stackgen/schema/flow"
)

// walkJSON is a walk for programs.
type walkJSON struct {
	Reachable bool `json:"reachable"`
	// What stopped it: route, link, machine, source, firewall, listener, grant, site,
	// return or answer.
	Why  string    `json:"why,omitempty"`
	Hops []hopJSON `json:"hops"`
}

type hopJSON struct {
	Kind     string `json:"kind"`
	Machine  string `json:"machine,omitempty"`
	Text     string `json:"text"`
	Path     string `json:"path"`               // RFC 6901, into the topology
	Artifact string `json:"artifact,omitempty"` // file of the output tree, colon, line or first-last
	Source   string `json:"source,omitempty"`   // file:line:column
}

func printHopsJSON(w io.Writer, walk *flow.Walk, hops []tracedHop) error {
	out := walkJSON{Reachable: walk.Reached(), Why: string(walk.Stopped().Why)}
	for _, h := range hops {
		j := hopJSON{Kind: string(h.Kind), Machine: h.Machine, Text: h.Text, Path: h.Path, Artifact: h.artifact}
		if h.pos.IsValid() {
			j.Source = h.pos.String()
		}
		out.Hops = append(out.Hops, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
