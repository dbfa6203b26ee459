// Package memo remembers which inputs an output tree was rendered from, so that
// rendering the same again is known to change nothing without evaluating it.
//
// It takes the arguments of a render, the files that its importer has read, and
// the tree it wrote; it keeps their digests in the user's cache folder. A memo
// only ever says "unchanged": what is missing, damaged, of another build of the
// program or in any doubt is as if there were none.
package memo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/google/go-jsonnet"
)

// Memo is about one set of arguments and one output folder.
type Memo struct {
	file string // where it is kept; empty: nowhere
	dir  string // the output folder
}

// record is what a memo holds.
type record struct {
	Imports []imported `json:"imports"`
	Tree    []output   `json:"tree"`
}

// output is a file of the tree as a write has left it.
type output struct {
	Path    string `json:"path"` // below the output folder, with slashes
	Size    int64  `json:"size"`
	ModTime int64  `json:"modTime"` // nanoseconds
	Mode    uint32 `json:"mode"`
}

// For is the memo for an output folder and all arguments that the tree depends
// on. Where the program or the cache folder cannot be found it remembers nothing.
func For(dir string, arguments ...any) Memo {
	cache, err := os.UserCacheDir()
	if err != nil {
		return Memo{}
	}
	program, err := build()
	if err != nil {
		return Memo{}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return Memo{}
	}
	key, err := json.Marshal([]any{program, cwd, dir, arguments})
	if err != nil {
		return Memo{}
	}
	sum := sha256.Sum256(key)
	return Memo{file: filepath.Join(cache, "stackgen", hex.EncodeToString(sum[:])+".json"), dir: dir}
}

// build tells one build of the program from another.
func build() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(path, info.Size(), info.ModTime().UnixNano()), nil
}

// Unchanged reports whether all imports still give what they gave, and all
// files of the tree are as they were left. It gives their number.
func (m Memo) Unchanged(importer jsonnet.Importer) (files int, ok bool) {
	var r record
	text, err := os.ReadFile(m.file)
	if err != nil || json.Unmarshal(text, &r) != nil || len(r.Imports) == 0 || len(r.Tree) == 0 {
		return 0, false
	}
	for _, i := range r.Imports {
		if i.digest(importer) != i.SHA256 {
			return 0, false
		}
	}
	return len(r.Tree), m.sameTree(r.Tree)
}

// sameTree looks at every file, on all processors: the calls are what takes time.
func (m Memo) sameTree(tree []output) bool {
	const least = 512 // for which starting another worker pays
	workers := max(1, min(len(tree)/least, runtime.GOMAXPROCS(0)))
	same := make([]bool, workers)
	var group sync.WaitGroup
	for w, part := range slices.Collect(slices.Chunk(tree, (len(tree)+workers-1)/workers)) {
		group.Go(func() {
			same[w] = !slices.ContainsFunc(part, func(o output) bool { return m.look(o.Path) != o })
		})
	}
	group.Wait()
	return !slices.Contains(same, false)
}

// look is how a file is now; a missing one is like no other.
func (m Memo) look(path string) output {
	info, err := os.Lstat(filepath.Join(m.dir, filepath.FromSlash(path)))
	if err != nil {
		return output{}
	}
	return output{path, info.Size(), info.ModTime().UnixNano(), uint32(info.Mode())}
}

// Remember notes what was read for a tree that was just written, and its files
// by their paths. It is for speed only, so it fails in silence.
func (m Memo) Remember(imports *Recorder, paths []string) {
	if m.file == "" {
		return
	}
	r := record{Imports: imports.seen}
	for _, p := range paths {
		r.Tree = append(r.Tree, m.look(p))
	}
	text, err := json.Marshal(r)
	if err != nil || os.MkdirAll(filepath.Dir(m.file), 0o700) != nil {
		return
	}
	temp, err := os.CreateTemp(filepath.Dir(m.file), "new-*")
	if err != nil {
		return
	}
	_, err = temp.Write(text)
	if closeErr := temp.Close(); err != nil || closeErr != nil || os.Rename(temp.Name(), m.file) != nil {
		os.Remove(temp.Name())
	}
}
