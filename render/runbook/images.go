package runbook

import "stackgen/schema/topology"

// images are what disks are made from and guests installed from, and who brings it.
func images(t *topology.Topology) (rows []string) {
	on := map[*topology.Image][]string{}
	for _, h := range t.Hosts {
		for _, i := range t.ImagesOn(h.Name) {
			on[i] = append(on[i], h.Name)
		}
	}
	for i := range t.Images {
		if image := &t.Images[i]; len(on[image]) > 0 {
			rows = append(rows, row(code(image.Name), codes(on[image]), code(image.Path), image.Format, origin(image)))
		}
	}
	return rows
}

func origin(i *topology.Image) string {
	switch {
	case i.Source != nil:
		return code(i.Source.URL)
	case i.Build != nil:
		return "made of " + code(i.Build.OS)
	}
	return "**put it there** before the first apply"
}
