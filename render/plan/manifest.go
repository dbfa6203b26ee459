package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Manifest is manifest.json: the files that belong to a tree. Only what it
// lists is ever replaced or removed.
type Manifest struct {
	Generator string  `json:"generator"` // "stackgen"
	Version   int     `json:"version"`   // of this format: 1
	Stack     string  `json:"stack"`
	Files     []Entry `json:"files"` // sorted by path; the manifest itself is not among them
}

// Entry is one file of a tree.
type Entry struct {
	Path    string   `json:"path"`
	SHA256  string   `json:"sha256"`
	Mode    string   `json:"mode"` // octal, in the tree
	Machine string   `json:"machine,omitempty"`
	Target  string   `json:"target,omitempty"` // where it is installed
	Step    string   `json:"step,omitempty"`   // machine/name
	Secrets []string `json:"secrets,omitempty"`
}

// ManifestName is where the manifest lies in a tree.
const ManifestName = "manifest.json"

func manifest(t *topology.Topology, files []artifact.File) (artifact.File, error) {
	m := Manifest{Generator: "stackgen", Version: 1, Stack: t.Name, Files: make([]Entry, 0, len(files))}
	for _, f := range files {
		m.Files = append(m.Files, entry(f))
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return artifact.File{}, fmt.Errorf("writing the manifest: %w", err)
	}
	return artifact.File{Path: ManifestName, Content: text.String()}, nil
}

func entry(f artifact.File) Entry {
	sum := sha256.Sum256([]byte(f.Content))
	e := Entry{Path: f.TreePath(), SHA256: hex.EncodeToString(sum[:]), Mode: fmt.Sprintf("%04o", f.TreeMode()), Machine: f.Machine}
	if f.Install != nil {
		e.Target = f.Install.Path
	}
	if f.Step != "" {
		e.Step = f.Machine + "/" + f.Step
	}
	for _, s := range f.Secrets {
		e.Secrets = append(e.Secrets, s.Name)
	}
	return e
}
