package schema

import "stackgen/schema/topology"

func decodeFirewall(o object) topology.Firewall {
	state := o.obj("statePolicy")
	return topology.Firewall{
		AllPing: o.boolOr("allPing", true),
		StatePolicy: topology.StatePolicy{
			Established: state.str("established"),
			Related:     state.str("related"),
			Invalid:     state.str("invalid"),
		},
		Rulesets: each(o, "rulesets", decodeRuleset),
	}
}

func decodeRuleset(name string, o object) topology.Ruleset {
	set := topology.Ruleset{
		Name:          name,
		Description:   o.str("description"),
		DefaultAction: o.strOr("defaultAction", "drop"),
		DefaultLog:    o.boolOr("defaultLog", false),
		Rules:         eachNumbered(o, "rules", decodeRule),
	}
	for _, v := range o.list("attach") {
		a := object(v.(map[string]any))
		set.Attach = append(set.Attach, topology.Attachment{Interface: a.str("interface"), Direction: a.str("direction")})
	}
	return set
}

func decodeRule(number int, o object) topology.Rule {
	return topology.Rule{
		Number:      number,
		Description: o.str("description"),
		Action:      o.str("action"),
		Protocol:    o.str("protocol"),
		Source:      target(o.obj("source")),
		Destination: target(o.obj("destination")),
		State:       o.strs("state"),
		Log:         o.boolOr("log", false),
	}
}
