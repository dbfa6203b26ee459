package outdir

import (
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

// location is where a tree lies: a name in a parent directory, locked against
// other writers.
type location struct {
	dir    string   // the real path of the tree
	parent *os.Root // the directory that it lies in
	name   string   // of the tree in parent

	building string   // of the new tree in parent until it is complete
	stage    string   // of the new tree in parent when it is complete, then of the old one
	lock     *os.File // the parent again; the lock goes when it is closed
}

func openLocation(dir string) (*location, error) {
	real, err := resolve(dir)
	if err != nil {
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	p := &location{dir: real, name: filepath.Base(real)}
	p.stage, p.building = stageName(p.name), buildingName(p.name)
	if p.parent, err = os.OpenRoot(filepath.Dir(real)); err != nil {
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	if p.lock, err = lockDir(filepath.Dir(real)); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *location) close() {
	p.parent.Close()
	if p.lock != nil {
		p.lock.Close()
	}
}

// resolve makes the parent of dir and gives dir's real path.
func resolve(dir string) (string, error) {
	real, err := realPath(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755); err != nil {
		return "", err
	}
	return realPath(dir)
}

// realPath is what dir is without symbolic links. It need not be there, but its
// parent has to.
func realPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	if _, err := os.Lstat(abs); err == nil {
		return "", fmt.Errorf("%s is a symbolic link to nowhere", dir)
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(abs))
	return filepath.Join(parent, filepath.Base(abs)), err
}

// Interrupted reports whether a killed write has left something behind that
// the next one clears away.
func Interrupted(dir string) bool {
	real, err := realPath(dir)
	if err != nil {
		return false
	}
	parent, name := filepath.Split(real)
	traces := []string{parent + stageName(name), parent + buildingName(name), filepath.Join(real, journalName)}
	return slices.ContainsFunc(traces, func(trace string) bool {
		_, err := os.Lstat(trace)
		return err == nil
	})
}

func stageName(base string) string { return "." + base + ".stackgen" }

func buildingName(base string) string { return stageName(base) + "-new" }

// recover clears away what a killed write has left beside the tree.
func (p *location) recover() error {
	// All in an unfinished tree was made by that write, or is a link to what the tree has.
	if err := p.parent.RemoveAll(p.building); err != nil {
		return fmt.Errorf("clearing away %s, left by a write that was killed: %w", p.building, err)
	}
	if _, err := p.parent.Lstat(p.stage); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := p.discard(p.staged()); err != nil {
		return fmt.Errorf("clearing away %s, left by a write that was killed: %w", p.stage, err)
	}
	return nil
}

// discard removes the staged tree, or the old one after an exchange. A file in
// it that is not ours has its like in the tree; should someone have added one
// while we worked, it moves there. The manifest goes last, so that a discard
// that is killed can be done again.
func (p *location) discard(owns func(path string) bool) error {
	entries, err := fs.ReadDir(p.parent.FS(), p.stage)
	if err != nil {
		return err
	}
	err = inParallel(entries, func(e fs.DirEntry) error {
		if e.Name() == plan.ManifestName {
			return nil
		}
		return p.discardEntry(e, owns)
	})
	if err != nil {
		return err
	}
	return p.parent.RemoveAll(p.stage)
}

// discardEntry removes what is at the top of the staged tree.
func (p *location) discardEntry(top fs.DirEntry, owns func(path string) bool) error {
	keep := func(full string, d fs.DirEntry, err error) error {
		below := strings.TrimPrefix(full, p.stage+"/")
		if err != nil || d.IsDir() || owns(below) {
			return err
		}
		return p.rescue(below)
	}
	err := keep(path.Join(p.stage, top.Name()), top, nil)
	if top.IsDir() { // a link to one is not walked
		err = fs.WalkDir(p.parent.FS(), path.Join(p.stage, top.Name()), keep)
	}
	if err != nil {
		return err
	}
	return p.parent.RemoveAll(filepath.Join(p.stage, top.Name()))
}

// rescue moves a foreign file from the staged tree to the tree, unless it is
// there.
func (p *location) rescue(treePath string) error {
	to := filepath.Join(p.name, filepath.FromSlash(treePath))
	if _, err := p.parent.Lstat(to); err == nil {
		return nil
	}
	if err := p.parent.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return p.parent.Rename(filepath.Join(p.stage, filepath.FromSlash(treePath)), to)
}

// staged tells which files of the staged tree are ours. Where it has no manifest
// none are.
func (p *location) staged() (owns func(path string) bool) {
	owned := map[string]bool{}
	text, err := p.parent.ReadFile(filepath.Join(p.stage, plan.ManifestName))
	var m plan.Manifest
	if err == nil && json.Unmarshal(text, &m) == nil {
		for _, e := range m.Files {
			owned[e.Path] = true
		}
	}
	return func(treePath string) bool { return owned[treePath] }
}

// occupied reports whether the directory itself has to stay: it is a work tree
// of git, or the working directory of this process.
func (p *location) occupied(t *tree) bool {
	if _, ok := t.entries[".git"]; ok {
		return true
	}
	wd, err := os.Getwd()
	if err != nil {
		return false
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return false
	}
	rel, err := filepath.Rel(p.dir, wd)
	return err == nil && filepath.IsLocal(rel)
}
