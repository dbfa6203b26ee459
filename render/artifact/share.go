package artifact

import "strings"

// Share lets what is equal in files and steps be one: the machines of a large stack
// are mostly alike, and their steps take more memory than their names. Nothing in a
// set may be changed in place after it.
func (s *Set) Share() {
	installs := make(map[Install]*Install)
	for i := range s.Files {
		if f := &s.Files[i]; f.Install != nil {
			if same := installs[*f.Install]; same != nil {
				f.Install = same
			} else {
				installs[*f.Install] = f.Install
			}
		}
	}
	seen := make(lists)
	for i := range s.Steps {
		step := &s.Steps[i]
		for _, list := range []*[]string{
			&step.After, &step.Packages, &step.Needs, &step.Check, &step.Apply, &step.Verify, &step.Confirm, &step.Undo,
		} {
			*list = seen.shared(*list)
		}
	}
}

// lists are lists by their joined strings, which have no NUL.
type lists map[string][]string

func (l lists) shared(list []string) []string {
	if len(list) == 0 {
		return list
	}
	key := strings.Join(list, "\x00")
	if same := l[key]; same != nil {
		return same
	}
	l[key] = list
	return list
}
