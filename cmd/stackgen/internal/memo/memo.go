// Package memo remembers which inputs an output tree was rendered from, so that
// rendering the same again is known to change nothing without evaluating it.
//
// It takes the arguments of a render, the files that its importer has read, the
// tree it wrote and the warnings about it; it keeps them, files as digests, in the
// user's cache folder. A memo only ever says "unchanged": what is missing, damaged,
// of another build of the program or in any doubt is as if there were none.
package memo

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// Memo is about one set of arguments and one output folder.
type Memo struct {
	key  []byte // what it is about, and the program that keeps it
	file string // where it is kept; empty: nowhere
	dir  string // the output folder
}

// record is what a memo holds.
type record struct {
	Imports  []imported `json:"imports"`
	Tree     []*part    `json:"tree"`
	Warnings diag.List  `json:"warnings"`
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
	return Memo{key: key, file: filepath.Join(cache, "stackgen", sum(key)+".memo"), dir: dir}
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
// files of the tree are as they were left. It gives their number, and what there
// was to say.
func (m Memo) Unchanged(importer jsonnet.Importer) (files int, warnings diag.List, ok bool) {
	r, ok := m.read()
	if !ok {
		return 0, nil, false
	}
	for _, i := range r.Imports {
		if i.digest(importer) != i.SHA256 {
			return 0, nil, false
		}
	}
	for _, p := range r.Tree {
		files += p.Files
	}
	return files, r.Warnings, all(r.Tree, func(p *part) bool { return bytes.Equal(p.look(), p.SHA256) })
}

// read gives what is remembered. The file begins with a digest of what it is about
// and of the record in its next line: one that was damaged, edited, or made by
// another program or for another purpose is as none. The paths of the tree come
// last; the digests of its parts are about them, too.
func (m Memo) read() (r record, ok bool) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return r, false
	}
	digest, text, _ := bytes.Cut(text, []byte("\n"))
	body, paths, _ := bytes.Cut(text, []byte("\n"))
	if string(digest) != sum(m.key, body) || json.Unmarshal(body, &r) != nil {
		return r, false
	}
	for _, p := range r.Tree {
		if p.Bytes > len(paths) {
			return r, false
		}
		p.paths, paths = paths[:p.Bytes], paths[p.Bytes:]
	}
	return r, true
}

func sum(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d ", len(p))
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Remember notes what was read for a tree that was just written, its files by
// their paths, and the warnings about it. It is for speed only, so it fails in
// silence.
func (m Memo) Remember(imports *Recorder, paths []string, warnings diag.List) {
	if m.file == "" {
		return
	}
	r := record{Imports: imports.seen, Tree: partsOf(m.dir, paths), Warnings: warnings}
	if !all(r.Tree, func(p *part) bool { p.SHA256 = p.look(); return p.SHA256 != nil }) {
		return
	}
	body, err := json.Marshal(r)
	if err != nil || os.MkdirAll(filepath.Dir(m.file), 0o700) != nil {
		return
	}
	temp, err := os.CreateTemp(filepath.Dir(m.file), "new-*")
	if err != nil {
		return
	}
	w := bufio.NewWriter(temp)
	fmt.Fprintf(w, "%s\n%s\n", sum(m.key, body), body)
	for _, p := range r.Tree {
		w.Write(p.paths)
	}
	err = w.Flush()
	if closeErr := temp.Close(); err != nil || closeErr != nil || os.Rename(temp.Name(), m.file) != nil {
		os.Remove(temp.Name())
	}
}
