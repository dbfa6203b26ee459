package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path/filepath"

	"stackgen/schema/diag"
)

// The parts of SARIF 2.1.0 that a report has (OASIS, Static Analysis Results
// Interchange Format, sections 3.13 to 3.54).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations,omitempty"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

// WriteSARIF writes findings about a topology, made by a version of this program.
// One without a place is about the file as a whole: viewers show no result without
// a location.
func WriteSARIF(w io.Writer, file, version string, diags diag.List) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "stackgen", Version: version, Rules: []sarifRule{}}
	index := map[string]int{}
	for _, d := range diags {
		if _, seen := index[d.Rule]; !seen {
			index[d.Rule] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{d.Rule})
		}
		run.Results = append(run.Results, sarifResultOf(d, file, index[d.Rule]))
	}
	return WriteIndented(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sarifResultOf(d diag.Diagnostic, file string, rule int) sarifResult {
	text := d.Message
	if d.Hint != "" {
		text += "; " + d.Hint
	}
	r := sarifResult{RuleID: d.Rule, RuleIndex: rule, Level: d.Severity.String(), Message: sarifMessage{text}}
	// What stays the same when lines move: viewers know a finding again by it.
	sum := sha256.Sum256([]byte(d.Rule + "\n" + d.Path))
	r.Fingerprints = map[string]string{"path/v1": hex.EncodeToString(sum[:])}
	r.Locations = []sarifLocation{sarifLocationOf(d.Pos, d.Path, file)}
	for i, o := range d.Related {
		l := sarifLocationOf(o.Pos, o.Path, file)
		l.ID, l.Message = i+1, &sarifMessage{o.Message}
		r.Related = append(r.Related, l)
	}
	return r
}

func sarifLocationOf(p diag.Pos, path, file string) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{fileURI(file)}}}
	if path != "" {
		l.Logical = []sarifLogical{{path}}
	}
	if p.IsValid() {
		l.Physical.Artifact.URI = fileURI(p.File)
		l.Physical.Region = &sarifRegion{p.Line, p.Column, p.EndLine, p.EndColumn}
	}
	return l
}

// fileURI is a file name as a URI: relative as the file was named, or absolute.
func fileURI(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
