// Package suite is the model of a test file: what the owner of a stack expects of
// it. It takes nothing and imports nothing of ours; schema reads it, the driver
// tries it.
package suite

// Suite is the tests of one file.
type Suite struct {
	Topology any    // evaluated, not validated: what the tests are about
	Cases    []Case // by name
}

// Case is one test. Its topology must have no error that is not expected.
type Case struct {
	Name        string
	Topology    any // in the place of the suite's; nil is the suite's
	Reachable   []Flow
	Unreachable []Flow
	Findings    []Finding
	Artifacts   []Artifact // by path
	Golden      string     // a folder that holds the whole output, as seen from the test file; "" is none
}

// Flow is a connection, told in the words of stackgen trace.
type Flow struct {
	From, Protocol, To string
	SourcePort         int    // 0: any that a client chooses
	Host               string // the name in a request, which picks a site
	Why                string // what must stop it; "" is anything
}

// Finding is one that the topology must have.
type Finding struct {
	Rule     string
	Path     string // RFC 6901, into the topology; "" is anywhere
	Severity string // error or warning; "" is either
}

// Artifact is what a file of the output must be.
type Artifact struct {
	Path     string // in the output tree
	Absent   bool   // there is no such file
	Equals   string // the whole content, final line breaks left aside; "" is any
	Contains []string
	Lacks    []string
	Lines    []string // whole lines, without the space around them
	XML      []Values // by path
}

// Values are the texts at a path of an XML document, in their order.
type Values struct {
	Path string // such as /domain/devices/interface/mac/@address
	Want []string
}
