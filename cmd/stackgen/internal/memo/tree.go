package memo

import (
	"crypto/sha256"
	"encoding/binary"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// part is some of the files of a tree. A memo has no more of them than their paths
// and one digest, which is quicker to read and to compare than the looks of each.
type part struct {
	Files  int    `json:"files"`
	Bytes  int    `json:"bytes"`  // of their paths
	SHA256 []byte `json:"sha256"` // of their paths, and of how a write has left them

	paths []byte // each ends with a NUL, which no path has
}

// partSize is how many files there are in a part: enough for starting another
// worker to pay.
const partSize = 512

// partsOf are the parts of the tree in a folder.
func partsOf(dir string, paths []string) (parts []*part) {
	for some := range slices.Chunk(paths, partSize) {
		p := &part{Files: len(some)}
		for _, path := range some {
			p.paths = append(append(p.paths, filepath.Join(dir, filepath.FromSlash(path))...), 0)
		}
		p.Bytes = len(p.paths)
		parts = append(parts, p)
	}
	return parts
}

// look gives a digest of how the files are now: of the size, the time of
// modification and the mode of each. It is nil if one is missing.
func (p *part) look() []byte {
	const size = 8 + 8 + 4
	looks := append(make([]byte, 0, len(p.paths)+p.Files*size), p.paths...)
	for path := range strings.SplitSeq(string(p.paths[:p.Bytes-1]), "\x00") {
		bytes, modTime, mode, err := look(path)
		if err != nil {
			return nil
		}
		looks = binary.LittleEndian.AppendUint64(looks, uint64(bytes))
		looks = binary.LittleEndian.AppendUint64(looks, uint64(modTime))
		looks = binary.LittleEndian.AppendUint32(looks, mode)
	}
	digest := sha256.Sum256(looks)
	return digest[:]
}

// all asks about parts until an answer is no, on all processors: looking at a file
// is a call of the system, and that is what takes time.
func all(parts []*part, ask func(*part) bool) bool {
	var (
		next  atomic.Int64
		no    atomic.Bool
		group sync.WaitGroup
	)
	work := func() {
		for i := next.Add(1); i <= int64(len(parts)) && !no.Load(); i = next.Add(1) {
			if !ask(parts[i-1]) {
				no.Store(true)
			}
		}
	}
	for range min(len(parts), runtime.GOMAXPROCS(0)) - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	return !no.Load()
}
