package rules

// ofTests are the notices about what a test expects.
func ofTests() []Notice {
	const (
		by       = "stackgen test"
		severity = "always fails its test: no policy changes it"
		source   = "stackgen schema --test"
	)
	return []Notice{{
		Name: "test/artifact", By: by, Severity: severity,
		What:   "a file that is not as a test expects: not there, there, or with other text or values",
		Why:    "a change of the topology has changed more than was meant, or less",
		Fix:    "mend the topology; or the test, if the change is meant",
		Source: source,
	}, {
		Name: "test/connection", By: by, Severity: severity,
		What:   "a connection in a test with a word that means nothing in the topology",
		Why:    "nobody can say whether it arrives",
		Fix:    "write from: internet, a machine or a VPN client; to: an address or a machine, and a port unless it is icmp",
		Source: source,
	}, {
		Name: "test/findings", By: by, Severity: severity,
		What:   "a finding that a test expects and that there is not",
		Why:    "the mistake is not made, or not where the test says",
		Fix:    "make the mistake in the topology of the test, or correct rule, path or severity",
		Source: source,
	}, {
		Name: "test/golden", By: by, Severity: severity,
		What:   "a golden tree that is not what is rendered, or a folder that holds something else",
		Why:    "a change of the topology, or of stackgen, has changed the files",
		Fix:    "write the tree anew with stackgen test --update, and read what that changes",
		Source: source,
	}, {
		Name: "test/not-rendered", By: by, Severity: severity,
		What:   "a test that looks into files of a topology with errors",
		Why:    "nothing is rendered while there are errors",
		Fix:    "mend the errors; expect findings only where they are meant",
		Source: source,
	}, {
		Name: "test/reachable", By: by, Severity: severity,
		What:   "a connection that a test expects to arrive and that does not",
		Why:    "who needs it would be cut off",
		Fix:    "look at the last hop of the report; stackgen trace walks the same way",
		Source: source,
	}, {
		Name: "test/unreachable", By: by, Severity: severity,
		What:   "a connection that a test expects to be stopped and that arrives, or is stopped by something else",
		Why:    "who must not get there would, now or when the other thing goes",
		Fix:    "look at the hops of the report; stackgen trace walks the same way",
		Source: source,
	}}
}

// ofTrees are the notices about a rendered tree that is not up to date.
func ofTrees() []Notice {
	const (
		by       = "stackgen render --check"
		severity = "always an error: no policy changes it"
	)
	return []Notice{{
		Name: "tree/edited", By: by, Severity: severity,
		What:   "a file of a rendered tree that was edited by hand; it is also stale or extra",
		Why:    "the edit is nowhere in the topology, and stackgen render does not go over it",
		Fix:    "put the edit into the topology, then stackgen render --force",
		Source: "the digests in manifest.json",
	}, {
		Name: "tree/extra", By: by, Severity: severity,
		What:   "a file of a rendered tree that the topology does not render any more",
		Why:    "the reader takes it for part of the stack",
		Fix:    "run stackgen render, which removes it, and commit the folder",
		Source: "the list of files in manifest.json",
	}, {
		Name: "tree/missing", By: by, Severity: severity,
		What:   "a file that the topology renders and that is not in the tree",
		Why:    "apply would bring the machine less than the topology says",
		Fix:    "run stackgen render and commit the folder",
		Source: "good sense",
	}, {
		Name: "tree/stale", By: by, Severity: severity,
		What:   "a file of a rendered tree that has other text, or another mode, than what the topology renders",
		Why:    "apply would bring the machine what the topology does not say",
		Fix:    "run stackgen render and commit the folder",
		Source: "good sense",
	}}
}

// ofPrograms are the notices about what real programs think of a tree.
func ofPrograms() []Notice {
	const by = "stackgen verify"
	return []Notice{{
		Name: "verify/refused", By: by,
		What:     "a file that the program which reads it refuses",
		Why:      "it would refuse it on the machine, too",
		Fix:      "look at the values of the topology that the line is made of: stackgen explain FILE:LINE",
		Source:   "the manual of the program",
		Severity: "always an error: no policy changes it",
	}, {
		Name: "verify/late", By: by,
		What:     "a file that its program is not done with in time, which is neither a pass nor a refusal",
		Why:      "what has not been judged may be wrong",
		Fix:      "verify on a machine that is less busy; look whether the file is larger than it should be",
		Source:   "stackgen verify --help",
		Severity: "always an error: no policy changes it",
	}, {
		Name: "verify/skipped", By: by,
		What:     "a file that nothing has judged: its program is not installed here, or cannot tell",
		Why:      "skipped is not passed",
		Fix:      "install the program, or verify on a machine that has it",
		Source:   "stackgen verify --help",
		Severity: "a warning; an error where --require asks for the check",
	}}
}
