package scaffold

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"stackgen/schema/release"

	"github.com/google/go-jsonnet/formatter"
)

// TestFixtures holds two templates to the fixtures that all tests run on; they are on
// the newest release.
func TestFixtures(t *testing.T) {
	for template, fixture := range map[string]string{"reference": "nullzero", "ha": "shop"} {
		list, err := Files(template, "none")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if filepath.Dir(f.Path) != "." || f.Path[0] == '.' {
				continue
			}
			want, err := os.ReadFile(filepath.Join("../../../../fixtures", fixture, f.Path))
			want = bytes.ReplaceAll(want, []byte(release.Default().Name), []byte(release.Newest().Name))
			if err != nil || !bytes.Equal(f.Content, want) {
				t.Errorf("%s of template %s is not that of fixture %s on %s; copy it (%v)", f.Path, template, fixture, release.Newest().Name, err)
			}
		}
	}
}

// TestFormatted holds templates to the style that stackgen fmt gives.
func TestFormatted(t *testing.T) {
	for _, template := range Templates() {
		list, err := Files(template, "none")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if filepath.Ext(f.Path) != ".jsonnet" {
				continue
			}
			got, err := formatter.Format(f.Path, string(f.Content), formatter.DefaultOptions())
			if err != nil || got != string(f.Content) {
				t.Errorf("%s of template %s is not formatted (%v); run stackgen fmt", f.Path, template, err)
			}
		}
	}
}

func TestUnknownTemplate(t *testing.T) {
	if _, err := Files("nosuch", "none"); err == nil {
		t.Error("a template that there is not is found")
	}
}
