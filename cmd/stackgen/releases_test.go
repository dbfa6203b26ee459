package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/schema/release"
)

// atHome are the rooms that may have the name of a release in their text: its
// table, and the examples of topologies that explain shows.
var atHome = []string{"schema/release", "schema/rules"}

// TestReleasesHaveOneTable holds what differs between releases of the operating
// system in one place: no source says the name of one, nor a version that is its
// own, and no template does.
func TestReleasesHaveOneTable(t *testing.T) {
	for _, p := range packages(t) {
		for _, msg := range p.namesReleases() {
			t.Error(msg)
		}
	}
	const templates = "../../templates"
	err := fs.WalkDir(os.DirFS(templates), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(templates, path))
		if word := releaseWords().FindString(string(text)); word != "" {
			t.Errorf("templates/%s says %q: take it from schema/release", path, word)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReleasesRefuse shows the check what it must refuse.
func TestReleasesRefuse(t *testing.T) {
	for _, text := range []string{`h.OS == "debian-12"`, `"php-fpm8.2"`, `"/etc/php/8.2/fpm"`, `chipset + "-7.2"`, "`debian-`+`12`+`, debian-12.`"} {
		if len(parse(t, "render/php", "package php; var s = "+text).namesReleases()) == 0 {
			t.Errorf("%s passes", text)
		}
	}
	for _, text := range []string{`"OpenVPN 18.2"`, `"10.7.2.1"`, `"the OVS 7.25"`, `"debian-120"`, `"platform debian"`} {
		if msgs := parse(t, "render/php", "package php; var s = "+text).namesReleases(); len(msgs) > 0 {
			t.Errorf("%s is refused: %v", text, msgs)
		}
	}
}

// releaseWords matches names of releases and the versions that are theirs.
func releaseWords() *regexp.Regexp {
	var words []string
	for _, r := range release.All() {
		words = append(words, r.Name, r.Codename, r.PHP, r.QEMU)
	}
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(`(?:^|[^0-9.])(?:` + strings.Join(words, "|") + `)(?:$|[^0-9.]|\.(?:$|[^0-9]))`)
}

// namesReleases finds texts with a word of a release. Comments may explain what
// a release does.
func (s source) namesReleases() (msgs []string) {
	if s.forTests() || slices.Contains(atHome, s.dir) {
		return nil
	}
	words := releaseWords()
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING && lit.Kind != token.FLOAT {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				text = lit.Value
			}
			if words.MatchString(text) {
				msgs = append(msgs, fmt.Sprintf("%s: %s belongs into schema/release", s.fset.Position(lit.Pos()), lit.Value))
			}
			return true
		})
	}
	return msgs
}
