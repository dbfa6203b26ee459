// Package templates holds the files with a skeleton, one folder a renderer. A
// template looks like its output; the renderer hands it a flat view of finished
// strings. {{header}} is what every generated file says of itself. What carries out a
// plan is the same for every stack and lies there as it is.
package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"text/template"

	"stackgen/render/artifact"
)

//go:embed */*.tmpl plan/*/*.sh
var files embed.FS

// parsed has a function for each template that parses it when it is first asked
// for: a run needs few of them, and a large topology needs one thousands of times.
var parsed = sync.OnceValue(func() map[string]func() *template.Template {
	names, err := fs.Glob(files, "*/*.tmpl")
	if err != nil {
		panic(err)
	}
	all := make(map[string]func() *template.Template, len(names))
	for _, name := range names {
		all[name] = sync.OnceValue(func() *template.Template { return parse(name) })
	}
	return all
})

// parse makes names that a view does not have errors, not "<no value>".
func parse(name string) *template.Template {
	words := template.FuncMap{"header": func() string { return artifact.Header }}
	return template.Must(template.New(path.Base(name)).Funcs(words).Option("missingkey=error").ParseFS(files, name))
}

// must is the template of that name. It panics on one that is missing or does
// not parse: that is a broken program.
func must(name string) *template.Template {
	get, ok := parsed()[name]
	if !ok {
		panic("no template " + name)
	}
	return get()
}

// usualLength is more than most texts have: they do not grow while they are written.
const usualLength = 1 << 10

// Text executes the template of that name, such as "varnish/default.vcl.tmpl", on a
// view. The text takes no more memory than its length.
func Text(name string, view any) (string, error) {
	var b strings.Builder
	b.Grow(usualLength)
	if err := must(name).Execute(&b, view); err != nil {
		return "", err
	}
	return strings.Clone(b.String()), nil
}

// File gives f the text of a template as its content. What the file is, and where it
// goes, f says before.
func File(f artifact.File, name string, view any) (artifact.File, error) {
	text, err := Text(name, view)
	if err != nil {
		return artifact.File{}, fmt.Errorf("writing %s: %w", f.TreePath(), err)
	}
	f.Content = text
	return f, nil
}

// AsItIs gives the files of a folder that are no templates, such as "plan/here", one
// after the other in the order of their names, with an empty line before each.
func AsItIs(folder string) string {
	names, err := fs.Glob(files, folder+"/*")
	if err != nil || len(names) == 0 {
		panic("no files in " + folder)
	}
	var b strings.Builder
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		b.WriteByte('\n')
		b.Write(text)
	}
	return b.String()
}
