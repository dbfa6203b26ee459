// Package images renders how each host comes by the disk images and installation
// media that are fetched or built, as a script.
//
// It takes a checked topology and gives images/images.sh for each host that needs
// such an image, and images/build.sh where one is built. An image that is there is
// never replaced; one gets its name when it is whole and what it should be. Disks
// made from images are left to package storage.
package images

import (
	"slices"
	"strconv"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const step = "images"

// Check finds nothing: what can be wrong with an image the topology's own rules see.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, h := range t.Hosts {
		list := t.ImagesOn(h.Name)
		list = slices.DeleteFunc(list, func(i *topology.Image) bool { return !i.Made() })
		if len(list) == 0 {
			continue
		}
		if err := addHost(&set, h, list); err != nil {
			return artifact.Set{}, err
		}
	}
	return set, nil
}

func addHost(set *artifact.Set, h topology.Host, list []*topology.Image) error {
	view := struct {
		Host   string
		Images []string // the arguments of an image
	}{Host: h.Name}
	for _, i := range list {
		view.Images = append(view.Images, shell.Join(arguments(i)...))
	}
	file, err := script(h, "images/images.sh", view)
	if err != nil {
		return err
	}
	set.Files = append(set.Files, file)
	if slices.ContainsFunc(list, isBuilt) {
		if file, err = script(h, "images/build.sh", view); err != nil {
			return err
		}
		set.Files = append(set.Files, file)
	}
	set.Steps = append(set.Steps, stepOf(h, list))
	return nil
}

func isBuilt(i *topology.Image) bool { return i.Build != nil }

func script(h topology.Host, path string, view any) (artifact.File, error) {
	file := artifact.File{Machine: h.Name, Path: path, Format: artifact.Shell, Script: true, Step: step}
	return templates.File(file, path+".tmpl", view)
}

// arguments are what the script's functions take: PATH FORMAT, then fetch, the
// program that makes the digest, the digest and the URL, or build, the release's
// codename, the bytes and the packages.
func arguments(i *topology.Image) []string {
	argv := []string{i.Path, i.Format}
	switch s, b := i.Source, i.Build; {
	case b != nil:
		argv = append(argv, "build", release.Of(b.OS).Codename, strconv.FormatInt(int64(b.Size), 10))
		return append(argv, b.Packages...)
	case s.SHA512 != "":
		return append(argv, "fetch", "sha512sum", s.SHA512, s.URL)
	default:
		return append(argv, "fetch", "sha256sum", s.SHA256, s.URL)
	}
}

// stepOf verifies that each image is there: it has its name only when it is right.
func stepOf(h topology.Host, list []*topology.Image) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: step, Phase: artifact.Storage,
		Summary:  "images that disks are made from",
		Packages: []string{"ca-certificates", "curl", "qemu-utils"},
		Needs:    []string{"sh images/images.sh look"},
		Apply:    []string{"sh images/images.sh"},
	}
	if slices.ContainsFunc(list, isBuilt) {
		s.Packages = append(s.Packages, "e2fsprogs", "fdisk", "mmdebstrap")
		slices.Sort(s.Packages)
	}
	for _, i := range list {
		s.Verify = append(s.Verify, "[ -f "+shell.Quote(i.Path)+" ]")
	}
	return s
}
