package flow

import (
	"strings"

	"stackgen/schema/topology"
)

// hostWords end the name of a variable that holds where a server is.
var hostWords = []string{"HOST", "HOSTNAME", "SERVER", "ADDRESS", "ADDR"}

// prefixOf is what the names of variables of one connection begin with: of
// DB_HOST it is DB_.
func prefixOf(host string) string {
	upper := strings.ToUpper(host)
	for _, word := range hostWords {
		if prefix, ok := strings.CutSuffix(upper, word); ok {
			return prefix
		}
	}
	return upper + "_"
}

// variable is the variable of a connection whose name ends in one of some words,
// in any case, or nil.
func variable(env []topology.Env, prefix string, words ...string) *topology.Env {
	for _, word := range words {
		for i := range env {
			if strings.EqualFold(env[i].Name, prefix+word) {
				return &env[i]
			}
		}
	}
	return nil
}
