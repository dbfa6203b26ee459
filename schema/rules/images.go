package rules

import "strings"

// fetched is a patch of the reference stack: its Debian image comes from a server,
// with more about that.
func fetched(more string) string {
	return "{ images+: { 'debian-12'+: { source: { url: 'https://images.example.net/debian-12.qcow2', " + more + " } } } }"
}

// built is one whose Debian image is made on its host.
func built(more string) string {
	return "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '2GiB' } " + more + " } } }"
}

// images are the rules about where images come from.
func images() []Rule {
	digest := strings.Repeat("5c", 64)
	return []Rule{{
		Name:   "images/digest",
		What:   "an image that is fetched without a digest, or with two",
		Why:    "a page of an error, half a file or a stranger's image would become the system of every guest",
		Breaks: fetched(""),
		Passes: fetched("sha512: '" + digest + "'"),
		Fix:    "add the sha512 that the image's maker publishes: SHA512SUMS lies beside Debian's",
		Source: "SHA512SUMS of Debian's cloud images",
		Firm:   true,
	}, {
		Name:   "images/origin",
		What:   "an image that is to be fetched and to be built",
		Why:    "it would be the one or the other",
		Breaks: built(", source: { url: 'https://images.example.net/debian-12.qcow2', sha512: '" + digest + "' }"),
		Passes: built(""),
		Fix:    "leave out source or build",
		Source: "stackgen schema",
		Firm:   true,
	}, {
		Name:   "images/build-format",
		What:   "an image that is to be built as something else than qcow2",
		Why:    "that is what is built",
		Breaks: built(", format: 'raw'"),
		Passes: built(", format: 'qcow2'"),
		Fix:    "write format: 'qcow2'",
		Source: "qemu-img(1)",
		Firm:   true,
	}, {
		Name:   "images/build-size",
		What:   "an image that is built smaller than a minimal system is",
		Why:    "the build ends with a full file system",
		Breaks: "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '512MiB' } } } }",
		Passes: "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '1GiB' } } } }",
		Fix:    "write size: '2GiB'",
		Source: "mke2fs(8)",
		Firm:   true,
	}, {
		Name:   "images/larger-than-disk",
		What:   "a disk that is smaller than the image it is to be made from",
		Why:    "what does not fit is cut off, and the guest does not start",
		Breaks: "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '20GiB' } } } }",
		Passes: "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '10GiB' } } } }",
		Fix:    "make the disk larger, or the image smaller",
		Source: "qemu-img(1), resize",
		Firm:   true,
	}, {
		Name:   "images/other-release",
		What:   "a VM that is configured as another release than its image is built as",
		Why:    "its packages and paths are not those that the files name",
		Breaks: "{ images+: { 'debian-12'+: { build: { os: 'debian-13', size: '2GiB' } } } }",
		Passes: "{ images+: { 'debian-12'+: { build: { os: 'debian-12', size: '2GiB' } } } }",
		Fix:    "write the same os in both",
		Source: "Debian, releases",
		Firm:   true,
	}}
}
