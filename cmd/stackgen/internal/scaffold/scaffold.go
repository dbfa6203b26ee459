// Package scaffold holds the files that a new repository starts with.
//
// It takes the names of a template and of a CI system and gives paths and
// contents; writing them is left to the driver.
package scaffold

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

//go:embed files
var files embed.FS

// File is a file of the new repository.
type File struct {
	Path    string // from its top
	Content []byte
	Script  bool
}

// Templates are the topologies to start from.
func Templates() []string { return []string{"single", "reference", "ha"} }

// Systems are the CI systems that there is a recipe for.
func Systems() []string { return []string{"github", "gitlab", "none"} }

// Files gives the files of a new repository.
func Files(template, system string) ([]File, error) {
	list := []File{
		{Path: ".gitattributes", Content: content("common/gitattributes")},
		{Path: ".githooks/pre-commit", Content: content("common/pre-commit"), Script: true},
	}
	switch system {
	case "github":
		list = append(list, File{Path: ".github/workflows/stackgen.yml", Content: content("common/github.yml")})
	case "gitlab":
		list = append(list, File{Path: ".gitlab-ci.yml", Content: content("common/gitlab.yml")})
	}
	if !slices.Contains(Templates(), template) {
		return nil, fmt.Errorf("there is no template %q", template)
	}
	entries, err := fs.ReadDir(files, path.Join("files", template))
	for _, e := range entries {
		list = append(list, File{Path: e.Name(), Content: content(template + "/" + e.Name())})
	}
	return append(list, File{Path: "tests/stack_test.jsonnet", Content: content("tests/" + template + ".jsonnet")}), err
}

// content is an embedded file. It panics on one that is missing: that is a
// broken program.
func content(name string) []byte {
	text, err := files.ReadFile("files/" + name)
	if err != nil {
		panic(err)
	}
	return text
}
