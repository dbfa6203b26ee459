package plan

import (
	"encoding/hex"
	"strings"
	"sync"

	"stackgen/render/artifact"
	"stackgen/templates"
)

// RuntimeFolder is where what carries out a plan lies in a tree. The name of a machine
// has no dot, so that none has this folder.
const RuntimeFolder = "apply.d"

// Runtime gives the files that carry out a plan. They are the same for every stack.
func Runtime() []artifact.File { return runtime() }

var runtime = sync.OnceValue(func() []artifact.File {
	both := templates.AsItIs("plan/both")
	return []artifact.File{
		{Path: RuntimeFolder + "/here.sh", Format: artifact.Shell, Content: hereHeader + both + templates.AsItIs("plan/here")},
		{Path: RuntimeFolder + "/machine.sh", Format: artifact.Shell, Content: machineHeader + both + templates.AsItIs("plan/machine")},
	}
})

const (
	hereHeader = `# shellcheck shell=bash
# ` + artifact.Header + `
#
# What apply.sh does on this computer, the same for every stack: it reads the command
# line, finds the secrets, reaches the machines and has the steps done there. It is
# read by apply.sh, after the plan. To follow a run, start at main.
# shellcheck disable=SC2317 # jobs are called by name
`
	machineHeader = `# shellcheck shell=bash
# ` + artifact.Header + `
#
# What apply.sh does on a machine, as root, the same for every stack: it puts files in
# place and does one step after the other. It travels there together with the steps of
# that machine, which are functions named step_MACHINE_STEP, and works in the machine's
# folder of the tree. A call of it is a job: to follow one, start at machine.
# shellcheck disable=SC2317 # steps and jobs are called by name
# shellcheck disable=SC2015 # where a list of && and || may fail in the middle, it should
`
)

// digestLines is the digest of each file, as sha256sum(1) prints and checks it.
func digestLines(files []artifact.File) string {
	var b strings.Builder
	digest := NewDigester()
	for i := range files {
		d := digest.Of(files[i].Content)
		write(&b, hex.EncodeToString(d[:]), "  ", files[i].TreePath(), "\n")
	}
	return b.String()
}
