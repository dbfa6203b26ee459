package nginx

import (
	"strings"

	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// namesView sizes nginx's table of server names.
type namesView struct {
	MaxSize int
}

// The table as nginx makes it by itself, where a cache line has 64 bytes, holds
// names of up to 46 bytes, and brings a warning from some 300 names on.
const (
	usualLength = 46
	usualNames  = 100
)

// namesOf gives the table's size, or nil where the usual one does. With buckets
// for the longest of names it is enough that there are as many as names.
func namesOf(vm *topology.VM) *namesView {
	count, longest := 0, 0
	for _, s := range vm.Nginx.Sites {
		for _, name := range s.Names() {
			count, longest = count+1, max(longest, len(name))
		}
	}
	if count <= usualNames && longest <= usualLength {
		return nil
	}
	return &namesView{MaxSize: max(count, 512)}
}

// sitesView is what the template of the script shows.
type sitesView struct {
	Files []string // below sites-available, quoted for the shell
}

// scriptTexts are the texts of the script by the files that it enables: in a large
// stack, most VMs share one.
type scriptTexts map[string]string

func (s scriptTexts) of(vm *topology.VM) (string, error) {
	view := sitesView{}
	for _, site := range vm.Nginx.Sites {
		view.Files = append(view.Files, shell.Quote(site.Name+".conf"))
	}
	key := strings.Join(view.Files, " ")
	if text, ok := s[key]; ok {
		return text, nil
	}
	text, err := templates.Text("nginx/sites.sh.tmpl", view)
	s[key] = text
	return text, err
}
