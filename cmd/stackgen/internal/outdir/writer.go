package outdir

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"stackgen/render/artifact"
)

// Writer replaces a tree. It is given the files of the new one in batches, and
// compares each with what is there; one that differs is written at once, to where the
// new tree waits for its completion. Nobody has to hold the contents of all files.
type Writer struct {
	stack   string
	options Options
	place   *location // nil: it only compares
	found   *tree     // what is there
	stage   func() (*stage, error)
	made    *stage // by the first call of that; nil again when it is no more ours to remove

	mu      sync.Mutex // of what follows
	changes Changes

	buffers sync.Pool
}

// Begin opens a directory for the new tree of a stack. Nobody else can until the
// writer is closed.
func Begin(dir, stack string, o Options) (*Writer, error) {
	p, err := openLocation(dir)
	if err != nil {
		return nil, err
	}
	w := &Writer{stack: stack, options: o, place: p, found: &tree{}}
	w.stage = sync.OnceValues(w.makeStage)
	if err := w.begin(dir); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Writer) begin(dir string) (err error) {
	if err := w.place.recover(); err != nil {
		return err
	}
	found, err := scan(dir)
	if err != nil {
		return err
	}
	w.found = found
	return found.sameStack(w.stack)
}

// Close ends the writing. Without [Writer.Finish] before, nothing has happened.
func (w *Writer) Close() {
	if w.made != nil {
		w.made.remove() // if it cannot be, the next write does
	}
	w.found.close()
	w.place.close()
}

// Put adds files to the new tree, with workers for the folders at its top.
func (w *Writer) Put(files []artifact.File) error {
	b := batchOf(files)
	return b.visitAll(w.found.open, w.openStage,
		func(i int, old, new *folder) error { return w.put(b.paths[i], b.files[i], old, new) })
}

func (w *Writer) openStage() (openDir, error) {
	s, err := w.stage()
	if err != nil {
		var none openDir
		return none, err
	}
	return s.top, nil
}

// put sorts a file in, and writes it if it is not there.
func (w *Writer) put(p string, f artifact.File, old, new *folder) error {
	buf := w.buffer()
	defer w.buffers.Put(buf)
	is, edited, err := w.found.compare(p, f, old, *buf)
	if err != nil {
		return err
	}
	w.note(p, is, edited)
	if is == unchanged || w.place == nil {
		return nil
	}
	dir, err := new.open()
	if err == nil {
		err = dir.create(path.Base(p), f.Content, f.TreeMode(), *buf)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(w.found.dir, filepath.FromSlash(p)), err)
	}
	return nil
}

// buffer is for what is read and written piece by piece.
func (w *Writer) buffer() *[]byte {
	if b, ok := w.buffers.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 64<<10)
	return &b
}

func (w *Writer) note(p string, is status, edited bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch is {
	case missing:
		w.changes.New = append(w.changes.New, p)
	case unchanged:
		w.changes.Unchanged++
		w.changes.same = append(w.changes.same, p)
	case different:
		w.changes.Changed = append(w.changes.Changed, p)
	}
	if edited {
		w.changes.Edited = append(w.changes.Edited, p)
	}
}

// Finish makes the new tree take the place of the old, and says what that changed. An
// error leaves the old tree as it was, unless it strikes while files are replaced one
// by one: the next write finishes that.
func (w *Writer) Finish() (Changes, error) {
	c, err := w.judge()
	switch {
	case err != nil:
		return c, err
	case c.None():
		return c, w.found.clearJournal()
	case len(c.Edited) > 0 && !w.options.Force:
		return c, &EditedError{w.found.dir, c.Edited}
	}
	s, err := w.stage()
	if err != nil {
		return c, err
	}
	if s.beside {
		return c, w.appear(s)
	}
	return c, w.inPlace(s)
}

// appear gives a tree that was not there its name.
func (w *Writer) appear(s *stage) error {
	s.close()
	if err := w.flush(s); err != nil {
		return err
	}
	info, err := s.in.Stat(s.path)
	if err == nil {
		err = s.in.Chmod(s.path, info.Mode()&fs.ModeSetgid|0o755)
	}
	if err == nil {
		err = s.in.Rename(s.path, w.place.name)
	}
	if err != nil {
		return fmt.Errorf("writing the output folder: %w", err)
	}
	w.made = nil // it is the tree now
	return nil
}

// judge completes the changes when all files have been put.
func (w *Writer) judge() (Changes, error) {
	if err := w.leftOvers(); err != nil {
		return w.changes, err
	}
	c := &w.changes
	for _, list := range [][]string{c.New, c.Changed, c.Removed, c.Edited, c.same} {
		slices.Sort(list)
	}
	return *c, w.found.freeWay(c.New, c.Removed)
}

// stage is where the new files wait: where there is no tree yet, in a folder that
// becomes it, else in the journal of the tree.
type stage struct {
	in     *os.Root
	path   string // in that root
	top    openDir
	closed bool // top is
	beside bool // the tree
}

// at is the path of a file in the root.
func (s *stage) at(p string) string { return filepath.Join(s.path, filepath.FromSlash(p)) }

// close closes the top, without which no folder can be moved on Windows.
func (s *stage) close() {
	if !s.closed {
		s.top.close()
	}
	s.closed = true
}

// remove removes what was made.
func (s *stage) remove() error {
	s.close()
	if s.beside {
		return s.in.RemoveAll(s.path)
	}
	defer s.in.Close()
	return abandonJournal(s.in)
}

// flush has the stage on stable storage, if that is wanted.
func (w *Writer) flush(s *stage) error {
	if !w.options.Sync {
		return nil
	}
	return flush(s.in, s.path)
}

// makeStage is called when the first file is to be written.
func (w *Writer) makeStage() (s *stage, err error) {
	// Where no folder can be made beside the tree, it may be that its own files can.
	if w.found.root == nil && w.place.parent.Mkdir(w.place.building, 0o700) == nil {
		s = &stage{in: w.place.parent, path: w.place.building, beside: true}
		s.top, err = openTop(s.in, s.path)
	} else {
		s, err = w.makeJournal()
	}
	w.made = s
	return s, err
}
