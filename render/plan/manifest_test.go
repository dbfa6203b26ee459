package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// TestManifestIsWhatEncodingJSONWrites: our own writer may not differ from it in
// a byte, whatever is in a name.
func TestManifestIsWhatEncodingJSONWrites(t *testing.T) {
	hostile := []string{"plain", "with space", "\"quoted\"", `back\slash`, "a&b<c>d", "Grüße", "line\u2028separator", "\ttab", "bad\xffbyte", "del\x7f"}
	files := []artifact.File{{Path: "top", Script: true}}
	for i, name := range hostile {
		f := artifact.File{Machine: name, Path: "etc/" + name, Format: artifact.Format(name), Content: name, Step: name, Install: artifact.At("srv/" + name)}
		for _, secret := range hostile[:i%4] {
			f.Secrets = append(f.Secrets, artifact.Secret{Name: secret})
		}
		files = append(files, f)
	}
	for n := 1; n <= len(files); n++ {
		topo := &topology.Topology{Name: hostile[n%len(hostile)]}
		m := Manifest{Generator: "stackgen", Version: 1, Stack: topo.Name}
		for i := range files[:n] {
			m.Files = append(m.Files, entryOf(&files[i], sha256.Sum256([]byte(files[i].Content))))
		}
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(m); err != nil {
			t.Fatal(err)
		}
		inPieces := Digester{sha256.New(), make([]byte, 3)}
		var digests []Digest
		for _, f := range files[:n] {
			digests = append(digests, inPieces.Of(f.Content))
		}
		if got := ManifestOf(topo, files[:n], digests).Content; got != want.String() {
			t.Errorf("the manifest of %d files\n got %s\nwant %s", n, got, want.String())
		}
	}
}

// TestRoomForManifest: it does not grow twice, and little is left over.
func TestRoomForManifest(t *testing.T) {
	files := complete(t).Files
	for range 5 {
		files = append(files, files...)
	}
	text := len(ManifestOf(&topology.Topology{Name: strings.Repeat("n", 20)}, files, digests(files)).Content)
	if room := roomFor(files); room < text || room > text*5/4 {
		t.Errorf("the room is %d bytes, the text %d", room, text)
	}
}
