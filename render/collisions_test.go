package render_test

import (
	"slices"
	"testing"

	"stackgen/render"
	"stackgen/render/internal/rendertest"
)

func TestCollisions(t *testing.T) {
	tests := []struct {
		name  string
		files string // of web01, beside /srv/www/index.php
		want  []string
	}{
		{"none", "{ '/srv/www/index.php5': { content: '' }, '/srv/www-2/a': { content: '' } }", nil},
		{"a rendered file", "{ '/etc/nginx/sites-available/app.conf': { content: '' } }", []string{"files/path"}},
		{"near a rendered file", "{ '/etc/nginx/sites-available/app2.conf': { content: '' } }", nil},
		{"a rendered file of apply", "{ '/apt/packages.txt': { content: '' } }", []string{"files/path"}},
		{"a directory of the tree", "{ '/nginx': { content: '' } }", []string{"files/path"}},
		{"a directory of the user", "{ '/srv/www': { content: '' } }", []string{"files/path"}},
		{"below a file of the user", "{ '/srv/www/index.php/a': { content: '' } }", []string{"files/path"}},
		{"below a rendered file", "{ '/etc/php/8.2/fpm/pool.d/app.conf/a': { content: '' } }", []string{"files/path"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			patch := "{ vms+: { web01+: { files+: " + tt.files + " } } }"
			if got := rendertest.Findings(t, "nullzero", patch, render.Check); !slices.Equal(got, tt.want) {
				t.Errorf("rules\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}
