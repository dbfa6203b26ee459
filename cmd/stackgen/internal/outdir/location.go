package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// location is where a tree lies: a name in a parent directory, locked against
// other writers.
type location struct {
	dir    string   // the real path of the tree
	parent *os.Root // the directory that it lies in
	name   string   // of the tree in parent

	building string   // of a tree that is new in parent until it is complete
	lock     *os.File // the parent again; the lock goes when it is closed
}

func openLocation(dir string) (*location, error) {
	real, err := resolve(dir)
	if err != nil {
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	p := &location{dir: real, name: filepath.Base(real)}
	p.building = buildingName(p.name)
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
	traces := []string{parent + buildingName(name), filepath.Join(real, journalName)}
	return slices.ContainsFunc(traces, func(trace string) bool {
		_, err := os.Lstat(trace)
		return err == nil
	})
}

func buildingName(base string) string { return "." + base + ".stackgen-new" }

// recover clears away what a killed write has left beside the tree.
func (p *location) recover() error {
	if err := p.parent.RemoveAll(p.building); err != nil {
		return fmt.Errorf("clearing away %s, left by a write that was killed: %w", p.building, err)
	}
	return nil
}
