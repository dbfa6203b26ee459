package artifact

import (
	"fmt"
	"path"
	"strings"
)

// Hop is what a connection meets on a machine.
type Hop string

// The hops that rendered lines stand for, in the words of package flow.
const (
	Arrive    Hop = "arrive"   // at an interface or by a tunnel
	DNAT      Hop = "dnat"     // the destination is rewritten
	SNAT      Hop = "snat"     // the source is rewritten
	Verdict   Hop = "filter"   // a rule, a default action or the policy for a state
	Listening Hop = "listen"   // what listens, or does not
	Backend   Hop = "backend"  // the cache asks a server
	Site      Hop = "site"     // the server block that answers
	Socket    Hop = "socket"   // the pool that runs the page
	Connects  Hop = "connect"  // a program of the user's asks a server
	Asked     Hop = "database" // the page's database, as it knows it
	Account   Hop = "grant"    // the account that is used there
)

// Query asks for the lines that make a hop so.
type Query struct {
	Machine string
	Hop     Hop
	Path    []string // tokens of the path of what in the topology makes it so
}

// Name is the last token of the path.
func (q Query) Name() string { return q.Path[len(q.Path)-1] }

// Sign is how a renderer finds lines in its own files.
type Sign struct {
	Path  string // of the file, below the machine's folder: a pattern of package path
	After string // they come after the line that has this; "": from the beginning
	Text  string // what each of them has
}

// In finds the run of lines with the sign in the first file of a machine that has it:
// "rtr01/vyos/commands.txt:15-19", or "".
func (s Sign) In(machine string, files []File) string {
	for i := range files {
		if files[i].Machine != machine {
			continue
		}
		if ok, _ := path.Match(s.Path, files[i].Path); !ok {
			continue
		}
		if lines := s.lines(files[i].Content); lines != "" {
			return files[i].TreePath() + ":" + lines
		}
	}
	return ""
}

func (s Sign) lines(content string) string {
	first, last, after := 0, 0, s.After == ""
	for i, line := range strings.Split(content, "\n") {
		switch {
		case !after:
			after = strings.Contains(line, s.After)
		case !strings.Contains(line, s.Text):
		case first == 0:
			first, last = i+1, i+1
		case last == i:
			last = i + 1
		}
	}
	switch {
	case first == 0:
		return ""
	case first == last:
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}
