package evaluate

import "github.com/google/go-jsonnet"

// Input is a topology file and what its Jsonnet may refer to.
type Input struct {
	File     string           // as the user named it; .yaml and .yml are YAML, all else is Jsonnet
	Importer jsonnet.Importer // reads File and all that it imports

	ExtVars, ExtCode map[string]string // external variables, as text and as code
	TLAVars, TLACode map[string]string // top-level arguments, as text and as code

	MaxStack int // the deepest nesting of calls; 0 is Jsonnet's own, 500

	// Stopped is asked now and then while a program runs. Its error, which says why,
	// ends the evaluation with a finding. It is called from several goroutines.
	Stopped func() error

	// Progress is told how many of a large topology's machines have been evaluated, of
	// how many. It is called from several goroutines.
	Progress func(done, of int)

	Plain bool // evaluate without our shortcuts; the result is the same
}
