// Package pattern has regular expressions that cost nothing until they are used.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy is a regular expression that is compiled when it is first asked for:
// compiling all of ours takes half a millisecond, and a run needs few of them.
func Lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
