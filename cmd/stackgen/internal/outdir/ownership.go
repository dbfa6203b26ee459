package outdir

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"stackgen/render/plan"
)

// ownership says which files of a tree are ours and what we wrote into them.
type ownership struct {
	known bool   // there is a manifest
	stack string // whose tree it is
	files []written

	journal []written // among them: what only the journal of a killed write has
}

// written is a file of ours as a manifest has it. A file of several manifests may have
// several digests, one after the other: files are sorted by path.
type written struct {
	Path   string `json:"path"`
	SHA256 digest `json:"sha256"`
}

// digest is the SHA-256 of what we wrote. A large stack has a hundred thousand: as
// text each would take three times as much memory.
type digest [sha256.Size]byte

// UnmarshalText implements [encoding.TextUnmarshaler]. What is no SHA-256 is that of no
// file.
func (d *digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return nil
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		*d = digest{}
	}
	return nil
}

func (d digest) String() string { return hex.EncodeToString(d[:]) }

func digestOf(content string) digest { return sha256.Sum256([]byte(content)) }

// readOwnership reads the manifest of a directory, and the one that a killed
// write has left behind: its files are ours too.
func readOwnership(root *os.Root, dir string) (o ownership, err error) {
	err = eachManifest(root, dir, func(name string, text []byte) error {
		known := len(o.files)
		err := o.add(text)
		if name == journalManifest {
			o.journal = slices.Clone(o.files[known:])
		}
		return err
	})
	slices.SortStableFunc(o.files, func(a, b written) int { return strings.Compare(a.Path, b.Path) })
	return o, err
}

// eachManifest hands over the text of each manifest in a directory.
func eachManifest(root *os.Root, dir string, do func(name string, text []byte) error) error {
	for _, name := range []string{plan.ManifestName, journalManifest} {
		info, err := root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && !info.Mode().IsRegular() { // a pipe would keep us waiting
			return &ForeignError{filepath.Join(dir, name), "is not a regular file", "restore it, for example with git checkout"}
		}
		text, err := root.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading the manifest: %w", err)
		}
		if err := do(name, text); err != nil {
			return &ForeignError{filepath.Join(dir, name), fmt.Sprintf("is not a manifest of stackgen: %v", err),
				"restore it, for example with git checkout, or name another folder"}
		}
	}
	return nil
}

func (o *ownership) add(text []byte) error {
	for _, side := range mergeSides(text) {
		var m struct {
			Generator, Stack string
			Version          int
			Files            []written
		}
		if err := json.Unmarshal(side, &m); err != nil {
			return err
		}
		if m.Generator != "stackgen" {
			return errors.New(`its generator is not "stackgen"`)
		}
		if m.Version != plan.ManifestVersion {
			return fmt.Errorf("it is of version %d, and this program knows %d", m.Version, plan.ManifestVersion)
		}
		o.known, o.stack = true, m.Stack
		o.files = append(append(o.files, m.Files...), written{plan.ManifestName, sha256.Sum256(text)})
	}
	return nil
}

// of is what we wrote at a path.
func (o *ownership) of(treePath string) []written {
	at := func(f written, p string) int { return strings.Compare(f.Path, p) }
	from, _ := slices.BinarySearchFunc(o.files, treePath, at)
	to := from
	for to < len(o.files) && o.files[to].Path == treePath {
		to++
	}
	return o.files[from:to]
}

// owns reports whether the file at path was written by us.
func (o *ownership) owns(treePath string) bool { return len(o.of(treePath)) > 0 }

// edited reports whether a file of ours has other content than we wrote.
func (o *ownership) edited(treePath, content string) bool {
	return !slices.Contains(o.of(treePath), written{treePath, digestOf(content)})
}

// folders is the set of all directories that hold files of ours.
func (o *ownership) folders() map[string]bool {
	dirs := map[string]bool{}
	for _, f := range o.files {
		for d := path.Dir(f.Path); d != "." && !dirs[d]; d = path.Dir(d) {
			dirs[d] = true
		}
	}
	return dirs
}

// mergeSides gives the two texts that a merge conflict was made of, or the one
// text there is. A merge of two branches that both rendered ends in such a
// manifest, and the way out of it is to render.
func mergeSides(text []byte) [][]byte {
	if !bytes.Contains(text, []byte("\n<<<<<<< ")) {
		return [][]byte{text}
	}
	var ours, theirs bytes.Buffer
	into := []*bytes.Buffer{&ours, &theirs}
	for line := range bytes.Lines(text) {
		marker, _, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		switch marker {
		case "<<<<<<<":
			into = []*bytes.Buffer{&ours}
		case "|||||||":
			into = nil
		case "=======":
			into = []*bytes.Buffer{&theirs}
		case ">>>>>>>":
			into = []*bytes.Buffer{&ours, &theirs}
		default:
			for _, b := range into {
				b.Write(line)
			}
		}
	}
	return [][]byte{ours.Bytes(), theirs.Bytes()}
}
