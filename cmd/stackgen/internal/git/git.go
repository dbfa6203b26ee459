// Package git reads files of a revision through the git program.
//
// It takes a revision and gives an importer for Jsonnet that answers with the
// files as they were then. It never touches the work tree.
package git

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/go-jsonnet"
)

// Revision is a commit of the repository that the working directory is in.
type Revision struct {
	Name   string // as the user wrote it
	Commit string
	top    string // the work tree
}

// Error says why git cannot help, and what to do.
type Error struct{ Message, Hint string }

func (e *Error) Error() string { return e.Message }

// Resolve finds a revision.
func Resolve(name string) (Revision, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return Revision{}, &Error{"git is not installed", "install it, or compare with a folder: --against DIR"}
	}
	top, err := output("rev-parse", "--show-toplevel")
	if err != nil {
		return Revision{}, &Error{"this folder is not in a git repository: " + message(err),
			"compare with a folder: --against DIR"}
	}
	r := Revision{Name: name, top: strings.TrimSuffix(top, "\n")}
	commit, err := output("rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return r, unknown(name)
	}
	r.Commit = strings.TrimSpace(commit)
	return r, nil
}

// unknown says that there is no such revision, and why that may be.
func unknown(name string) error {
	e := &Error{fmt.Sprintf("there is no revision %q", name), "git log shows revisions; git fetch gets those of others"}
	if shallow, err := output("rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(shallow) == "true" {
		e.Message += " in this shallow clone"
		e.Hint = "git fetch --unshallow gets the rest; in a CI job clone with depth 0"
	}
	if _, err := output("rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		e.Hint = "nothing is committed yet"
	}
	return e
}

// Importer answers for files as they are in the revision; those outside of the
// repository are read as they are now. Library folders are searched last to
// first, as Jsonnet does.
func (r Revision) Importer(libraries []string) jsonnet.Importer {
	return &importer{revision: r, libraries: libraries, known: map[string]jsonnet.Contents{}}
}

type importer struct {
	revision  Revision
	libraries []string
	known     map[string]jsonnet.Contents
}

// Import implements [jsonnet.Importer].
func (i *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	var candidates []string
	if filepath.IsAbs(name) {
		candidates = []string{name}
	} else {
		dir, _ := filepath.Split(from)
		candidates = append(candidates, dir+name)
		for n := len(i.libraries) - 1; n >= 0; n-- {
			candidates = append(candidates, filepath.Join(i.libraries[n], name))
		}
	}
	for _, path := range candidates {
		if c, ok := i.known[path]; ok {
			return c, path, nil
		}
		text, err := i.revision.Read(path)
		if err == nil {
			i.known[path] = jsonnet.MakeContentsRaw(text)
			return i.known[path], path, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return jsonnet.Contents{}, "", err
		}
	}
	return jsonnet.Contents{}, "", fmt.Errorf("couldn't open import %q: no match in revision %s", name, i.revision.Name)
}

// Read gives a file of the revision by its path from the working directory.
func (r Revision) Read(path string) ([]byte, error) {
	in, err := r.inside(path)
	if err != nil {
		return nil, err
	}
	if in == "" {
		return os.ReadFile(path)
	}
	// The answer is a line and the content: "HASH blob SIZE", or, for a symbolic link that
	// leads out of the repository, "symlink SIZE" and where to; see git-cat-file(1).
	answer, err := ask(r.Commit+":"+in+"\n", "cat-file", "--batch", "--follow-symlinks")
	line, text, _ := bytes.Cut(answer, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\n"))
	words := strings.Fields(string(line))
	switch {
	case err == nil && len(words) == 3 && words[1] == "blob":
		return text, nil
	case err == nil && len(words) == 2 && words[0] == "symlink":
		if !filepath.IsAbs(string(text)) {
			text = []byte(filepath.Join(r.top, string(text)))
		}
		return os.ReadFile(string(text))
	}
	return nil, fmt.Errorf("%s in revision %s: %w", path, r.Name, os.ErrNotExist)
}

// Holds reports whether a path is in the repository, at any time.
func (r Revision) Holds(path string) bool {
	in, err := r.inside(path)
	return err == nil && in != ""
}

// inside is a path from the top of the work tree, or "" for one that is not in
// it.
func (r Revision) inside(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	// The file may not exist now; the folder may be reached by a link.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	rel, err := filepath.Rel(filepath.FromSlash(r.top), abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", nil
	}
	return filepath.ToSlash(rel), nil
}

func output(args ...string) (string, error) {
	out, err := ask("", args...)
	return string(out), err
}

// ask runs git with a text to read.
func ask(text string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	cmd.Stdin = strings.NewReader(text)
	return cmd.Output()
}

// message is what git has said, in a line.
func message(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		line, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
		return strings.TrimPrefix(line, "fatal: ")
	}
	return err.Error()
}
