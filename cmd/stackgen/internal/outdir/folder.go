package outdir

import "strings"

// folder is what is in a folder, as paths of a tree say it.
type folder struct {
	files   []string // by their whole paths
	folders map[string]*folder
}

func folderOf(paths []string) *folder {
	top := &folder{folders: map[string]*folder{}}
	for _, p := range paths {
		in, rest := top, p
		for name, below, more := strings.Cut(rest, "/"); more; name, below, more = strings.Cut(rest, "/") {
			if in.folders[name] == nil {
				in.folders[name] = &folder{folders: map[string]*folder{}}
			}
			in, rest = in.folders[name], below
		}
		in.files = append(in.files, p)
	}
	return top
}
