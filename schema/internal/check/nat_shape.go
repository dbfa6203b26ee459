package check

import (
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// natShape finds rules of NAT whose parts do not go together.
func natShape(vm *topology.VM, diags *diag.List) {
	nat := vm.Router.NAT
	for _, r := range nat.Source {
		natPort(vm, r.Written, r.Protocol, len(r.Destination.Port) > 0, diags)
		natExclude(vm, r.Written, r.Exclude && (r.Masquerade || r.Translation.IsValid()), diags)
		natReserved(vm, r, diags)
	}
	for _, r := range nat.Destination {
		natPort(vm, r.Written, r.Protocol, len(r.Port)+len(r.Source.Port)+len(r.Translation.Port) > 0, diags)
		natExclude(vm, r.Written, r.Exclude && !r.Translation.IsZero(), diags)
		natHairpin(vm, r, diags)
	}
	for _, r := range nat.Static {
		natTwice(vm, r, diags)
	}
}

// natPort finds a port that no protocol has.
func natPort(vm *topology.VM, k topology.NATKey, protocol string, port bool, diags *diag.List) {
	if port && (protocol == "" || protocol == "all") {
		diags.Errorf("nat/port-protocol", natPath(vm, k), "a port is named, but %s", protocolSays(protocol)).
			Hintf("write protocol: 'tcp', 'udp' or 'tcp_udp' in the rule")
	}
}

// natExclude finds a rule of two minds.
func natExclude(vm *topology.VM, k topology.NATKey, both bool, diags *diag.List) {
	if both {
		diags.Errorf("nat/exclude", natPath(vm, k, "translation"), "the rule excludes what it translates").
			Hintf("leave out the translation, or exclude")
	}
}

// natHairpin finds a hairpin around nothing, or one whose other rule would get
// no number.
func natHairpin(vm *topology.VM, r topology.DestinationNAT, diags *diag.List) {
	path := natPath(vm, r.Written, "hairpin")
	switch {
	case !r.Hairpin:
	case r.Exclude:
		diags.Errorf("nat/hairpin", path, "the rule excludes what clients inside ask for").Hintf("leave out hairpin")
	case !vm.PublicAddress(r).IsValid():
		diags.Errorf("nat/hairpin", path, "clients inside have no address to ask for").
			Hintf("add address: with that of the service")
	case r.Number >= topology.HairpinLimit:
		diags.Errorf("nat/hairpin", path, "rule %d has hairpin, but its source NAT would be numbered %d", r.Number,
			topology.HairpinNumbers+r.Number).
			Hintf("number the rule below %d", topology.HairpinLimit)
	}
}

// natReserved finds a number that the source NAT of a hairpin has.
func natReserved(vm *topology.VM, r topology.SourceNAT, diags *diag.List) {
	i := slices.IndexFunc(vm.Router.NAT.Destination, func(d topology.DestinationNAT) bool {
		return d.Hairpin && topology.HairpinNumbers+d.Number == r.Number
	})
	if i >= 0 {
		d := vm.Router.NAT.Destination[i]
		diags.Errorf("nat/number", natPath(vm, r.Written),
			"number %d is that of the source NAT of rule %d, which has hairpin", r.Number, d.Number).
			AtKey().Also(natPath(vm, d.Written), "the rule with hairpin").Hintf("number it below %d", topology.HairpinNumbers)
	}
}

// natTwice finds a number that is taken in one of the two lists to which a rule
// of 1:1 NAT adds.
func natTwice(vm *topology.VM, r topology.StaticNAT, diags *diag.List) {
	nat := vm.Router.NAT
	taken := topology.NATKey{Number: r.Number}
	if slices.ContainsFunc(nat.Destination, func(d topology.DestinationNAT) bool { return d.Number == r.Number }) {
		taken.List = "destination"
	}
	if slices.ContainsFunc(nat.Source, func(s topology.SourceNAT) bool { return s.Number == r.Number }) {
		taken.List = "source"
	}
	if taken.List != "" {
		diags.Errorf("nat/number", natPath(vm, topology.NATKey{List: "static", Number: r.Number}),
			"number %d is taken by a rule of %s NAT", r.Number, taken.List).
			AtKey().Also(natPath(vm, taken), "taken here").Hintf("choose a number that neither source nor destination has")
	}
}
