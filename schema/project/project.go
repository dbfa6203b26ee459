// Package project is the model of a project file: what all commands in a repository
// have in common. It takes nothing and imports nothing of ours.
package project

import (
	"cmp"
	"strconv"
	"strings"
)

// FileName is that of the project file, in the folder that stackgen is run in.
const FileName = "stackgen.jsonnet"

// Project is a project file. The zero value is that of a repository without one.
type Project struct {
	Requires string   // the oldest version that will do; "" is any
	JPath    []string // folders of libraries
	Stacks   []string // topologies of the repository; * stands for any part of a name
	Output   string   // the folder for what is rendered; "" is out
}

// Older reports whether a version, three numbers, comes before another.
func Older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range max(len(a), len(b)) {
		if c := cmp.Compare(number(a, i), number(b, i)); c != 0 {
			return c < 0
		}
	}
	return false
}

// number is a part of a version; one that is left out is 0.
func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i])
	return n
}
