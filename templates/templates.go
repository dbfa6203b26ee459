// Package templates holds the files with a skeleton, one folder a renderer. A
// template looks like its output; the renderer hands it a flat view of finished
// strings.
package templates

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"
	"text/template"
)

//go:embed */*.tmpl
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
	return template.Must(template.New(path.Base(name)).Option("missingkey=error").ParseFS(files, name))
}

// Must is the template of that name, such as "varnish/default.vcl.tmpl". It
// panics on one that is missing or does not parse: that is a broken program.
func Must(name string) *template.Template {
	get, ok := parsed()[name]
	if !ok {
		panic("no template " + name)
	}
	return get()
}

// usualLength is more than most texts have: they do not grow while they are written.
const usualLength = 1 << 10

// Text executes a template on a view. The text takes no more memory than its length.
func Text(t *template.Template, view any) (string, error) {
	var b strings.Builder
	b.Grow(usualLength)
	if err := t.Execute(&b, view); err != nil {
		return "", err
	}
	return strings.Clone(b.String()), nil
}
