package trial

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/schema/diag"
)

// golden compares the whole output with a folder, or writes it there.
func (t *trial) golden(dir string, update bool) error {
	at := diag.Join(t.path, "golden")
	if !t.renders(at) {
		return nil
	}
	var c outdir.Changes
	var err error
	if update {
		_, err = outdir.Write(dir, t.files, outdir.Options{Force: true})
	} else {
		c, err = outdir.Compare(dir, t.files)
	}
	var foreign *outdir.ForeignError
	switch {
	case errors.As(err, &foreign):
		t.failures.Errorf("test/golden", at, "%v", err).Hintf("%s", foreign.Hint)
		return nil
	case !c.None():
		t.failures.Errorf("test/golden", at, "%s is not what is rendered: %s", filepath.ToSlash(dir), summary(c)).
			Hintf("stackgen test --update, and read what it changes")
	}
	return err
}

// summary names the files that are not as expected: a few of each kind.
func summary(c outdir.Changes) string {
	const named = 5
	var parts []string
	for _, list := range []struct {
		what  string
		paths []string
	}{{"missing", c.New}, {"stale", c.Changed}, {"extra", c.Removed}} {
		if n := len(list.paths); n > 0 {
			names := strings.Join(list.paths[:min(n, named)], ", ")
			if n > named {
				names += ", …"
			}
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, list.what, names))
		}
	}
	return strings.Join(parts, ", ")
}
