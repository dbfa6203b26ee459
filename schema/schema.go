// Package schema is the front end: it takes the name of a topology file and an
// importer that can read it, and gives a checked [topology.Topology].
//
// A file goes through four stages, in order: evaluate (Jsonnet or YAML to a
// JSON value), validate (JSON Schema), decode (to the typed model, defaults
// filled in) and check (our own rules). Findings of a stage are collected; the
// next stage runs only when there is no error among them. What a renderer cannot
// express is left to package render.
package schema

import (
	_ "embed"

	"stackgen/schema/diag"
	"stackgen/schema/internal/check"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/internal/validate"
	"stackgen/schema/topology"
)

// Text is the JSON Schema of a topology, draft 2020-12. Its descriptions are
// the reference documentation of the language.
//
//go:embed topology.schema.json
var Text []byte

// topologies validates by the schema of a topology. A bare name of the schema would be
// made absolute with the working directory, and so differ between machines.
var topologies = validate.New("https://stackgen.invalid/v1/topology.schema.json", Text)

// Load evaluates, validates, decodes and checks a topology. The topology is nil
// exactly when a finding is an error. The error is not nil when the file itself
// cannot be read, or on a fault of this program.
func Load(in Input) (*topology.Topology, diag.List, error) {
	d, diags, err := loadWhole(in)
	if err != nil || d.topo == nil {
		return nil, finish(diags), err
	}
	diags = append(diags, check.Topology(d.topo)...)
	if len(diags) > 0 {
		doc, err := d.about(diags)
		if err != nil {
			return nil, nil, err
		}
		check.Anchor(diags, doc)
		check.ApplyPolicies(d.topo, diags)
	}
	if diags.HasErrors() {
		d.topo = nil
	}
	return d.topo, finish(diags), nil
}

// Model takes a topology through the stages up to decode, without our rules: for
// whoever wants to look into one that is not sound. The topology is nil exactly
// when a finding is an error.
func Model(in Input) (*topology.Topology, diag.List, error) {
	d, diags, err := loadWhole(in)
	return d.topo, finish(diags), err
}

// Evaluate gives the JSON value that a topology file stands for, whatever it
// says: maps, slices, strings, float64, bool and nil.
func Evaluate(in Input) (any, diag.List, error) { return evaluate.File(in) }

// LoadValue is [Load] for a value that was evaluated before.
func LoadValue(doc any) (*topology.Topology, diag.List, error) {
	topo, diags, err := ModelValue(doc)
	if err != nil || topo == nil {
		return nil, diags, err
	}
	diags = append(diags, check.Topology(topo)...)
	check.Anchor(diags, doc)
	check.ApplyPolicies(topo, diags)
	if diags.HasErrors() {
		topo = nil
	}
	return topo, finish(diags), nil
}

// ModelValue is [Model] for a value that was evaluated before.
func ModelValue(doc any) (*topology.Topology, diag.List, error) {
	diags, err := validated(doc)
	if err != nil || diags.HasErrors() {
		return nil, finish(diags), err
	}
	topo, err := decode.Topology(doc)
	return topo, finish(diags), err
}

// decoded is a topology, and what it was decoded from: the whole document, or the
// slicer that has taken it in parts.
type decoded struct {
	topo   *topology.Topology
	doc    any
	slicer *slicer
}

// about is the document, or as much of it as findings are about.
func (d decoded) about(diags diag.List) (any, error) {
	if d.slicer != nil {
		return d.slicer.about(diags)
	}
	return d.doc, nil
}

// loadWhole takes a topology through the stages up to decode. It gives none when
// there are errors among the findings.
func loadWhole(in Input) (decoded, diag.List, error) {
	go topologies.Prepare() // while we evaluate
	in.Importer = &sharedImporter{next: in.Importer}
	vm := evaluate.NewFastVM(in)
	if d, diags, ok := loadSliced(in, vm); ok {
		return d, diags, nil
	}
	doc, diags, err := evaluate.FileWith(vm, in)
	if err != nil || diags.HasErrors() {
		return decoded{}, diags, err
	}
	diags, err = validated(doc)
	if err != nil || diags.HasErrors() {
		return decoded{}, diags, err
	}
	topo, err := decode.Topology(doc)
	return decoded{topo: topo, doc: doc}, diags, err
}

// validated checks the shape of an evaluated document against the schema, and
// that no text of it could be taken for the place of a secret.
func validated(doc any) (diag.List, error) {
	diags, err := topologies.Validate(doc)
	if err == nil && len(diags) == 0 {
		diags = validate.Markers(doc)
	}
	return diags, err
}

// finish puts findings in the order of a report.
func finish(diags diag.List) diag.List {
	diags.Sort()
	return diags
}
