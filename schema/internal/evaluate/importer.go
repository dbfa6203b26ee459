package evaluate

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/google/go-jsonnet"
)

// library is what topologies import as libraryName.
//
//go:embed stackgen.libsonnet
var library string

const libraryName = "stackgen.libsonnet"

// libraryFile is the library's name as a file: "<" tells that it is not one of
// the user's, and no finding points into it.
const libraryFile = "<" + libraryName + ">"

// importer answers for the library that ships in the binary and leaves all
// other files to next. Programs lose their byte order mark: Jsonnet has none.
type importer struct {
	next jsonnet.Importer
	main string // a program, whatever its name ends in

	// An importer returns the same buffer every time.
	given   map[string]jsonnet.Contents
	natives map[string]jsonnet.Contents
}

func newImporter(next jsonnet.Importer) *importer {
	return &importer{
		next:    next,
		given:   map[string]jsonnet.Contents{libraryFile: jsonnet.MakeContents(library)},
		natives: map[string]jsonnet.Contents{},
	}
}

// Import implements [jsonnet.Importer].
func (i *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	name, isText := strings.CutPrefix(name, textMark)
	c, foundAt, err := i.read(from, name)
	switch {
	case err != nil:
	case isText:
		if err = checkUTF8(c.String()); err != nil {
			line, _ := lineColumn(c.String(), invalidByte(c.String()))
			err = fmt.Errorf("%s%s in line %d %w", foundAt, notText, line, err)
		}
	case isProgram(foundAt) || foundAt == i.main:
		err = CheckText(foundAt, c.String())
	}
	return c, foundAt, err
}

// read is Import of any text.
func (i *importer) read(from, name string) (jsonnet.Contents, string, error) {
	if c, ok := i.native(name); ok {
		return c, name, nil
	}
	if name == libraryName || name == libraryFile {
		return i.given[libraryFile], libraryFile, nil
	}
	c, foundAt, err := i.next.Import(from, name)
	if err == nil && len(c.String()) > maxFile {
		err = fmt.Errorf("%s has %d %s %d of a file", foundAt, len(c.String())>>20, beyondFile, maxFile>>20)
	}
	if err != nil || !isProgram(foundAt) || !strings.HasPrefix(c.String(), byteOrderMark) {
		return c, foundAt, err
	}
	if _, ok := i.given[foundAt]; !ok {
		i.given[foundAt] = jsonnet.MakeContents(strings.TrimPrefix(c.String(), byteOrderMark))
	}
	return i.given[foundAt], foundAt, nil
}

// maxFile is the largest file that a topology may be made of, in bytes. That of ten
// thousand machines, evaluated, has half of it.
const maxFile = 64 << 20

// beyondFile is how to know the complaint again.
const beyondFile = "MiB, more than the"

// textMark stands before the name of a file that is imported as text, importstr, in a
// program that [guard] has seen. One that is imported as bytes may hold anything.
const textMark = "stackgen.text:"

const byteOrderMark = "\ufeff"

// isProgram tells Jsonnet and JSON from other files that may be imported.
func isProgram(file string) bool {
	return slices.Contains([]string{".jsonnet", ".libsonnet", ".json"}, path.Ext(file))
}
