package evaluate

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// We put calls of native functions into programs. Such a call does not find its
// function by std.native('name'), which takes as long as all else about it, but
// imports it: from a file that there is not, whose value the VM keeps. That needs
// no variable in scope, either.

// nativeCall calls a native function at the place of a node.
func nativeCall(at ast.Node, name string, args ...ast.Node) *ast.Apply {
	call := &ast.Apply{
		NodeBase:  ast.NodeBase{LocRange: *at.Loc(), Ctx: at.Context()},
		Target:    nativeFunction(name),
		Arguments: positional(args...),
	}
	call.FreeVars = freeIn(args)
	return call
}

func nativeFunction(name string) ast.Node {
	return &ast.Import{File: literalText(nativeFile + name + ">")}
}

// freeIn are the variables that some nodes refer to.
func freeIn(nodes []ast.Node) (free ast.Identifiers) {
	for _, n := range nodes {
		free = append(free, n.FreeVariables()...)
	}
	slices.Sort(free)
	return slices.Compact(free)
}

// nativeFile begins the names of files whose value is a native function.
const nativeFile = "<native "

// native gives the file of that name, if it is of a native function.
func (i *importer) native(file string) (c jsonnet.Contents, ok bool) {
	name, ok := strings.CutPrefix(file, nativeFile)
	if !ok {
		return c, false
	}
	c, ok = i.natives[file]
	if !ok {
		quoted, _ := json.Marshal(strings.TrimSuffix(name, ">")) // text: cannot fail
		c = jsonnet.MakeContents("std.native(" + string(quoted) + ")")
		i.natives[file] = c
	}
	return c, true
}
