package plan

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
)

func TestFunctions(t *testing.T) {
	steps := []artifact.Step{
		{Machine: "web-1", Name: "nginx", Summary: "sites", Check: []string{"nginx -t"}, Apply: []string{"one", "two"},
			Makes: []artifact.Thing{{Kind: "account", Words: []string{"a", "b"}}}},
		{Name: "check", Summary: "the end", Verify: []string{"visit"}},
	}
	files := []artifact.File{
		{Path: "README.md"},
		{Machine: "web", Path: "etc/other", Step: "nginx"},
		{Machine: "web-1", Path: "etc/a b", Step: "nginx", Install: artifact.At("etc/a b")},
		{Machine: "web-1", Path: "etc/php", Step: "php"},
		{Machine: "web-1", Path: "etc/z", Step: "nginx", Install: &artifact.Install{Path: "/srv/z", Owner: "www", Group: "adm", Mode: 0o640}},
		{Machine: "web-1", Path: "nginx/sites.sh", Step: "nginx"},
	}
	const want = `
# web-1: sites
step_web-1_nginx() {
  case $1 in
    files)
      installs 'etc/a b' root:root 644
      installs etc/z www:adm 640 /srv/z
      reads nginx/sites.sh
      ;;
    makes)
      thing account a b
      ;;
    check)
      nginx -t
      ;;
    apply)
      one
      two
      ;;
  esac
}

# -: the end
step_check() {
  case $1 in
    verify)
      visit
      ;;
  esac
}

`
	var b strings.Builder
	writeFunctions(&b, steps, files)
	if got := b.String(); got != want {
		t.Errorf("functions\n got %s\nwant %s", got, want)
	}
}

// TestRoomForFunctions: they do not grow twice, and little is left over.
func TestRoomForFunctions(t *testing.T) {
	steps := many(100)
	for i := range steps {
		steps[i].Summary = "a step"
		steps[i].Apply = []string{"systemctl reload nginx", "true"}
		steps[i].Verify = []string{"systemctl is-active nginx"}
	}
	files := []artifact.File{{Machine: steps[0].Machine, Path: "etc/file", Step: steps[0].Name, Install: artifact.At("etc/file")}}
	var b strings.Builder
	writeFunctions(&b, steps, files)
	if room := roomForFunctions(steps, files); room < b.Len() || room > b.Len()*3/2 {
		t.Errorf("the room is %d bytes, the text %d", room, b.Len())
	}
}
