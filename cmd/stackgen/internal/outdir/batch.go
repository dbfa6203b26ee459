package outdir

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"stackgen/render/artifact"
)

// batch is paths of a tree, sorted, so that what is in a folder stands together.
// There are files to it, or only the paths.
type batch struct {
	paths []string
	files []artifact.File
}

func batchOf(files []artifact.File) batch {
	b := batch{make([]string, len(files)), files}
	for i, f := range files {
		b.paths[i] = f.TreePath()
	}
	if !slices.IsSorted(b.paths) {
		b.files = slices.Clone(files)
		slices.SortFunc(b.files, func(a, z artifact.File) int { return cmp.Compare(a.TreePath(), z.TreePath()) })
		slices.Sort(b.paths)
	}
	return b
}

// run is the part of a batch that is in a folder: from one index up to another.
type run struct {
	from, to int
	prefix   int // how long the path of the folder is, with its last slash
}

// name is that of the folder.
func (r run) name(b batch) string { return path.Base(b.paths[r.from][:r.prefix]) }

// split cuts a run into the files that are in its folder itself, by index, and the
// runs of the folders in it.
func (r run) split(b batch) (files []int, folders []run) {
	for i := r.from; i < r.to; {
		slash := strings.IndexByte(b.paths[i][r.prefix:], '/')
		if slash < 0 {
			files = append(files, i)
			i++
			continue
		}
		below := b.paths[i][:r.prefix+slash+1]
		next := i + sort.Search(r.to-i, func(k int) bool { return !strings.HasPrefix(b.paths[i+k], below) })
		folders = append(folders, run{i, next, len(below)})
		i = next
	}
	return files, folders
}

// visit calls do for each path of a run with the folders that it is in: one in an old
// tree and one in a new.
func (b batch) visit(r run, old, new *folder, do func(i int, old, new *folder) error) error {
	files, folders := r.split(b)
	for _, i := range files {
		if err := do(i, old, new); err != nil {
			return err
		}
	}
	for _, sub := range folders {
		if err := b.enter(sub, old, new, do); err != nil {
			return err
		}
	}
	return nil
}

// enter is visit for a run of a folder in another.
func (b batch) enter(r run, old, new *folder, do func(i int, old, new *folder) error) error {
	name := r.name(b)
	old, new = old.at(name), new.at(name)
	defer old.close()
	defer new.close()
	return b.visit(r, old, new, do)
}

// visitAll is visit for the whole batch, with a worker for each folder at its top.
// Old and new give the tops of both trees.
func (b batch) visitAll(old, new func() (openDir, error), do func(i int, old, new *folder) error) error {
	files, folders := run{0, len(b.paths), 0}.split(b)
	tops := func() (*folder, *folder) { return &folder{top: old}, &folder{top: new, make: true} }
	oldTop, newTop := tops()
	for _, i := range files {
		if err := do(i, oldTop, newTop); err != nil {
			return err
		}
	}
	return inParallel(folders, func(r run) error {
		oldTop, newTop := tops()
		return b.enter(r, oldTop, newTop, do)
	})
}
