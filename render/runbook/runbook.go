// Package runbook renders README.md of the output tree: what the stack is made
// of, who listens where, what is done in which order, and what people have to
// provide.
//
// It takes a checked topology and the files and ordered steps of all renderers,
// and gives the file. There is nothing that it cannot express, so it has no
// Check. All that stands in it follows from the topology; nothing reads it but
// people.
package runbook

import (
	"stackgen/render/artifact"
	"stackgen/render/internal/diagram"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// view is what the template shows; but for the first fields, rows of tables.
type view struct {
	Name, Description string

	Diagram []string

	Machines, Images           []string
	Networks, Addresses        []string
	Listeners, Sites, Backends []string
	Inbound, Outbound          []string
	Rules, Groups, Zones       []string
	Accounts                   []string
	Records                    []string
	Steps, Secrets, Hatches    []string
	KeyMakers                  []string // scripts
}

// Render writes the runbook of a stack. The steps of the set are in the order of
// an apply.
func Render(t *topology.Topology, set artifact.Set) (artifact.File, error) {
	return templates.File(artifact.File{Path: "README.md", Format: artifact.Markdown}, "runbook/README.md.tmpl", view{
		Name:        t.Name,
		Description: text(t.Description),
		Diagram:     diagram.Of(t).Mermaid(),
		Machines:    machines(t),
		Images:      images(t),
		Networks:    networks(t),
		Addresses:   addressRows(t),
		Listeners:   listeners(t),
		Sites:       sites(t),
		Backends:    backends(t),
		Inbound:     inbound(t),
		Outbound:    outbound(t),
		Rules:       rules(t),
		Groups:      groups(t),
		Zones:       zones(t),
		Accounts:    accounts(t),
		Records:     records(t),
		Steps:       steps(set.Steps),
		Secrets:     secrets(set.Files),
		KeyMakers:   keyMakers(set.Files),
		Hatches:     hatches(t),
	})
}
