package rules

// inputs are the rules about files that cannot be read or run.
func inputs() []Rule {
	return []Rule{{
		Name:   "jsonnet/syntax",
		What:   "text that is not Jsonnet",
		Why:    "the program cannot be run",
		Breaks: "{ apiVersion: 'stackgen/v1' name: 'lab' }",
		Fix:    "mend it where the finding points",
		Source: "the Jsonnet specification",
		Firm:   true,
	}, {
		Name:   "jsonnet/runtime",
		What:   "a Jsonnet program that stops with an error, of its own or because a value is not what it takes it for",
		Why:    "there is no topology to look at",
		Breaks: "{ name: error 'give the stack a name' }",
		Fix:    "mend it where the finding points; -v shows how it came there",
		Source: "the Jsonnet specification",
		Firm:   true,
	}, {
		Name:   "jsonnet/import",
		What:   "a file that is imported and is not there, or is imported as text and is none",
		Why:    "the program cannot be run",
		Breaks: "import 'base/stack.libsonnet'",
		Fix:    "name the file as seen from the one that imports it, or add its folder with -J; text is UTF-8",
		Source: "the Jsonnet specification, import",
		Firm:   true,
	}, {
		Name:   "jsonnet/limit",
		What:   "a Jsonnet program that takes too long, or asks for more than a topology needs",
		Why:    "it would never end, or take all the memory of the machine",
		Breaks: "{ name: 'lab', ports: std.range(1, 1000000000) }",
		Fix:    "mend the loop or the number where the finding points; --timeout 20m gives it more time, --max-memory 8GiB more memory, --max-stack 1000 deeper calls",
		Source: "the Jsonnet specification: programs need not end",
		Firm:   true,
	}, {
		Name:   "yaml/syntax",
		What:   "text that is not YAML, or a key that is given twice",
		Why:    "the file cannot be read",
		Breaks: "networks: { lan: { bridge: sw-lan }",
		Fix:    "mend it where the finding points",
		Source: "YAML 1.2.2",
		Firm:   true,
	}, {
		Name: "yaml/documents",
		What: "a second document in a file",
		Why:  "it would be ignored",
		Breaks: `name: lab
---
name: other`,
		Fix:    "leave out the second ---",
		Source: "YAML 1.2.2, section 9",
		Firm:   true,
	}, {
		Name:   "yaml/number",
		What:   "an infinite number, or one that is none",
		Why:    "JSON, which the topology is checked as, has no such numbers",
		Breaks: "mtu: .inf",
		Fix:    "write a finite number",
		Source: "YAML 1.2.2, section 10.2; RFC 8259, section 6",
		Firm:   true,
	}, {
		Name:   "yaml/duplicate-key",
		What:   "two keys of a map that are one as text",
		Why:    "one of the two values would win by chance",
		Breaks: "{ 0xA: ten, '10': also ten }",
		Fix:    "leave one of them out",
		Source: "RFC 8259, section 4",
		Firm:   true,
	}}
}
