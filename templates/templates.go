// Package templates holds the files with a skeleton, one folder a renderer. A
// template looks like its output; the renderer hands it a flat view of finished
// strings.
package templates

import (
	"embed"
	"strings"
	"text/template"
)

//go:embed */*.tmpl
var files embed.FS

// Must is the template of that name, such as "varnish/default.vcl.tmpl". It
// panics on one that is missing or does not parse: that is a broken program.
// Names that a view does not have are errors, not "<no value>".
func Must(name string) *template.Template {
	return template.Must(template.New(name[strings.LastIndex(name, "/")+1:]).Option("missingkey=error").ParseFS(files, name))
}

// Text executes a template on a view.
func Text(t *template.Template, view any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, view); err != nil {
		return "", err
	}
	return b.String(), nil
}
