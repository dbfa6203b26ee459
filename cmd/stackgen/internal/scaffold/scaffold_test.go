package scaffold

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFixtures holds two templates to the fixtures that all tests run on.
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
			if err != nil || !bytes.Equal(f.Content, want) {
				t.Errorf("%s of template %s is not that of fixture %s; copy it (%v)", f.Path, template, fixture, err)
			}
		}
	}
}

func TestUnknownTemplate(t *testing.T) {
	if _, err := Files("nosuch", "none"); err == nil {
		t.Error("a template that there is not is found")
	}
}
