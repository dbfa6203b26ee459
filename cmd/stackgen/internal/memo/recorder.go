package memo

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/google/go-jsonnet"
)

// imported is one import and a digest of where it was found and what it gave,
// or of its failure: a file that was looked for and not found may appear.
type imported struct {
	From   string `json:"from"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

func (i imported) digest(importer jsonnet.Importer) string {
	contents, foundAt, err := importer.Import(i.From, i.Name)
	return digestOf(contents, foundAt, err)
}

func digestOf(contents jsonnet.Contents, foundAt string, err error) string {
	h := sha256.New()
	if err != nil {
		h.Write([]byte("error"))
	} else {
		h.Write([]byte(foundAt + "\x00"))
		h.Write(contents.Data())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Recorder is an importer that notes what it was asked for. It may be used from
// several goroutines.
type Recorder struct {
	mu   sync.Mutex
	next jsonnet.Importer
	once map[[2]string]bool
	seen []imported
}

// Record makes a Recorder of an importer.
func Record(next jsonnet.Importer) *Recorder {
	return &Recorder{next: next, once: map[[2]string]bool{}}
}

// Import implements [jsonnet.Importer].
func (r *Recorder) Import(from, name string) (jsonnet.Contents, string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	contents, foundAt, err := r.next.Import(from, name)
	if key := [2]string{from, name}; !r.once[key] {
		r.once[key] = true
		r.seen = append(r.seen, imported{from, name, digestOf(contents, foundAt, err)})
	}
	return contents, foundAt, err
}
