package decode

import "stackgen/schema/project"

// Project builds a project from a document that has passed its schema.
func Project(doc any) *project.Project {
	o := object(doc.(map[string]any))
	return &project.Project{Requires: o.str("requires"), JPath: o.strs("jpath"), Stacks: o.strs("stacks"),
		Output: o.str("output")}
}
