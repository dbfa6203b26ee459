package outdir

import (
	"errors"
	"io/fs"
	"os"
)

// openDir is an open directory. Names in it are single words.
type openDir struct{ root *os.Root }

// openTop opens a directory below a root.
func openTop(root *os.Root, path string) (openDir, error) {
	r, err := root.OpenRoot(path)
	return openDir{r}, err
}

func (d openDir) close() { d.root.Close() }

// enter opens a directory in d.
func (d openDir) enter(name string) (openDir, error) { return openTop(d.root, name) }

// mkdir makes a directory in d, if there is none.
func (d openDir) mkdir(name string) error {
	err := d.root.Mkdir(name, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// create makes a file with a content.
func (d openDir) create(name, content string, mode uint32, _ []byte) (err error) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(mode))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(content)
	return err
}

// holds reports whether a file has a content.
func (d openDir) holds(name, content string, _ []byte) (bool, error) {
	b, err := d.root.ReadFile(name)
	return string(b) == content, err
}

// list gives what is in d.
func (d openDir) list() ([]entry, error) {
	found, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(found))
	for i, e := range found {
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		entries[i] = entry{e.Name(), info.Mode()}
	}
	return entries, nil
}

// mayChange leaves it to the system to refuse.
func (d openDir) mayChange(string) bool { return true }

// adopt is left to the permissions of the folder.
func adopt(*os.Root, string, string) {}
