package outdir

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stackgen/render/plan"
)

// ownership says which files of a tree are ours and what we wrote into them.
type ownership struct {
	known   bool                // there is a manifest
	stack   string              // whose tree it is
	entries []plan.Entry        // of all manifests
	digests map[string][]string // by path: SHA-256 of what we wrote
}

// readOwnership reads the manifest of a directory, and the one that a killed
// write has left behind: its files are ours too.
func readOwnership(root *os.Root, dir string) (ownership, error) {
	o := ownership{digests: map[string][]string{}}
	for _, name := range []string{plan.ManifestName, journalManifest} {
		text, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return o, fmt.Errorf("reading the manifest: %w", err)
		}
		if err := o.add(string(text)); err != nil {
			return o, &ForeignError{filepath.Join(dir, name), fmt.Sprintf("is not a manifest of stackgen: %v", err),
				"restore it, for example with git checkout, or name another folder with -o"}
		}
	}
	return o, nil
}

func (o *ownership) add(text string) error {
	for _, side := range mergeSides(text) {
		var m plan.Manifest
		if err := json.Unmarshal([]byte(side), &m); err != nil {
			return err
		}
		if m.Generator != "stackgen" {
			return errors.New(`its generator is not "stackgen"`)
		}
		o.known, o.stack = true, m.Stack
		o.digests[plan.ManifestName] = append(o.digests[plan.ManifestName], digest(text))
		o.entries = append(o.entries, m.Files...)
		for _, e := range m.Files {
			o.digests[e.Path] = append(o.digests[e.Path], e.SHA256)
		}
	}
	return nil
}

// owns reports whether the file at path was written by us.
func (o *ownership) owns(path string) bool { return o.digests[path] != nil }

// edited reports whether a file of ours has other content than we wrote.
func (o *ownership) edited(path, content string) bool {
	return !slices.Contains(o.digests[path], digest(content))
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// mergeSides gives the two texts that a merge conflict was made of, or the one
// text there is. A merge of two branches that both rendered ends in such a
// manifest, and the way out of it is to render.
func mergeSides(text string) []string {
	if !strings.Contains(text, "\n<<<<<<< ") {
		return []string{text}
	}
	var ours, theirs strings.Builder
	into := []*strings.Builder{&ours, &theirs}
	for line := range strings.Lines(text) {
		marker, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch marker {
		case "<<<<<<<":
			into = []*strings.Builder{&ours}
		case "|||||||":
			into = nil
		case "=======":
			into = []*strings.Builder{&theirs}
		case ">>>>>>>":
			into = []*strings.Builder{&ours, &theirs}
		default:
			for _, b := range into {
				b.WriteString(line)
			}
		}
	}
	return []string{ours.String(), theirs.String()}
}
