package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Manifest is manifest.json: the files that belong to a tree. Only what it
// lists is ever replaced or removed.
type Manifest struct {
	Generator string  `json:"generator"` // "stackgen"
	Version   int     `json:"version"`   // [ManifestVersion]
	Stack     string  `json:"stack"`
	Files     []Entry `json:"files"` // sorted by path; the manifest itself is not among them
}

// Entry is one file of a tree.
type Entry struct {
	Path    string   `json:"path"`
	SHA256  string   `json:"sha256"`
	Mode    string   `json:"mode"`             // octal, in the tree
	Format  string   `json:"format,omitempty"` // an [artifact.Format]: who judges it
	Machine string   `json:"machine,omitempty"`
	Target  string   `json:"target,omitempty"` // where it is installed
	Step    string   `json:"step,omitempty"`   // machine/name
	Secrets []string `json:"secrets,omitempty"`
}

// ManifestName is where the manifest lies in a tree.
const ManifestName = "manifest.json"

// ManifestVersion is that of the format of a manifest.
const ManifestVersion = 1

// ManifestOf writes the manifest of sorted files, each with the digest of its content,
// which need not be there any more. It is what encoding/json would write of a
// [Manifest], indented by two spaces. A large stack has a hundred thousand entries:
// they are made one at a time, and the text is in memory once.
func ManifestOf(t *topology.Topology, files []artifact.File, digests []Digest) artifact.File {
	var text strings.Builder
	text.Grow(roomFor(files))
	fmt.Fprintf(&text, "{\n  \"generator\": \"stackgen\",\n  \"version\": %d,\n  \"stack\": ", ManifestVersion)
	text.Write(appendString(nil, t.Name))
	text.WriteString(",\n  \"files\": [")
	var line []byte
	for i := range files {
		if i > 0 {
			text.WriteByte(',')
		}
		line = appendEntry(line[:0], entryOf(&files[i], digests[i]))
		text.Write(line)
	}
	text.WriteString("\n  ]\n}\n")
	return artifact.File{Path: ManifestName, Content: text.String()}
}

// roomFor is about how long the manifest becomes, and seldom less.
func roomFor(files []artifact.File) (bytes int) {
	smallest := Entry{Path: "/", SHA256: strings.Repeat("0", 64), Mode: "0644", Format: "-", Machine: "-", Step: "/"}
	frame := len(appendEntry(nil, smallest))
	target := len(appendEntry(nil, Entry{Target: "/"})) - len(appendEntry(nil, Entry{}))
	for i := range files {
		f := &files[i]
		bytes += frame + 3*len(f.Machine) + len(f.Path) + len(f.Step) + len(f.Format)
		if f.Install != nil {
			bytes += target + len(f.Install.Path)
		}
	}
	return bytes
}

func entryOf(f *artifact.File, d Digest) Entry {
	e := Entry{Path: f.TreePath(), SHA256: hex.EncodeToString(d[:]), Mode: fmt.Sprintf("%04o", f.TreeMode()),
		Format: string(f.Format), Machine: f.Machine}
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

// Digest is the SHA-256 of a content.
type Digest [sha256.Size]byte

// Digester makes digests of one text after the other. It takes a text by pieces: a
// whole one as bytes would be a copy of the apply script.
type Digester struct {
	hash  hash.Hash
	piece []byte
}

// NewDigester makes a Digester. It is not for several goroutines.
func NewDigester() Digester { return Digester{sha256.New(), make([]byte, 32<<10)} }

// Of is the digest of a text.
func (d Digester) Of(text string) (digest Digest) {
	d.hash.Reset()
	for len(text) > 0 {
		n := copy(d.piece, text)
		d.hash.Write(d.piece[:n])
		text = text[n:]
	}
	d.hash.Sum(digest[:0])
	return digest
}

func appendEntry(b []byte, e Entry) []byte {
	b = appendString(append(b, "\n    {\n      \"path\": "...), e.Path)
	for _, field := range [...]struct{ name, value string }{
		{"sha256", e.SHA256}, {"mode", e.Mode}, {"format", e.Format}, {"machine", e.Machine}, {"target", e.Target}, {"step", e.Step},
	} {
		if field.value != "" {
			b = append(append(append(b, ",\n      \""...), field.name...), "\": "...)
			b = appendString(b, field.value)
		}
	}
	for i, name := range e.Secrets {
		if i == 0 {
			b = append(b, ",\n      \"secrets\": ["...)
		} else {
			b = append(b, ',')
		}
		b = appendString(append(b, "\n        "...), name)
	}
	if len(e.Secrets) > 0 {
		b = append(b, "\n      ]"...)
	}
	return append(b, "\n    }"...)
}

// appendString writes a string of JSON. What needs more than quotes is left to
// encoding/json, which takes &, < and > for that as well.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '&', c == '<', c == '>':
			quoted, _ := json.Marshal(s) // of a string: it cannot fail
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
