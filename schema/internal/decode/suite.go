package decode

import (
	"stackgen/schema/diag"
	"stackgen/schema/suite"
)

// Suite builds a suite from a document that has passed its schema.
func Suite(doc any) *suite.Suite {
	o := object(doc.(map[string]any))
	return &suite.Suite{Topology: o["topology"], Cases: each(o, "tests", decodeCase)}
}

func decodeCase(name string, o object) suite.Case {
	return suite.Case{
		Name: name, Topology: o["topology"],
		Reachable: eachOf(o, "reachable", decodeFlow), Unreachable: eachOf(o, "unreachable", decodeFlow),
		Findings: eachOf(o, "findings", func(o object) suite.Finding {
			return suite.Finding{Rule: o.str("rule"), Path: o.str("path"), Severity: o.str("severity")}
		}),
		Artifacts: each(o, "artifacts", decodeArtifact),
		Golden:    o.str("golden"),
	}
}

func decodeFlow(o object) suite.Flow {
	return suite.Flow{From: o.str("from"), Protocol: o.str("protocol"), To: o.str("to"), SourcePort: o.intOr("sourcePort",
		0), Host: o.str("host"), Why: o.str("why")}
}

func decodeArtifact(path string, o object) suite.Artifact {
	a := suite.Artifact{
		Path: path, Absent: o.boolOr("absent", false), Equals: o.str("equals"),
		Contains: o.strs("contains"), Lacks: o.strs("lacks"), Lines: o.strs("lines"),
	}
	values := o.obj("xml")
	for _, at := range diag.Keys(map[string]any(values)) {
		v := suite.Values{Path: at, Want: values.strs(at)}
		if text, ok := values[at].(string); ok {
			v.Want = []string{text}
		}
		a.XML = append(a.XML, v)
	}
	return a
}

// eachOf decodes the members of a list.
func eachOf[T any](o object, key string, decode func(object) T) (out []T) {
	for _, member := range o.list(key) {
		out = append(out, decode(member.(map[string]any)))
	}
	return out
}
