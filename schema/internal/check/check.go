// Package check has our own rules about a topology, by subject: a file for each.
package check

import (
	"slices"
	"sync"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Topology applies our own rules to a decoded topology, by subject. What it finds
// does not depend on any target.
//
// It has two stages. The first looks at each thing and what it names. The second
// looks at the stack as a whole, and wants the first without errors: what does
// not arrive because of a wrong address is not reported beside that address.
func Topology(t *topology.Topology) diag.List {
	diags := apply(t,
		checkReferences,
		checkNames,
		checkInterfaces,
		checkVRRP,
		checkAddresses,
		checkSubnets,
		checkLayer2,
		checkRouters,
		checkProtocols,
		checkLinks,
		checkNAT,
		checkOpenVPN,
		checkWireGuard,
		checkIPsec,
		checkDHCP,
		checkDNS,
		checkRouterSystem,
		checkServices,
		checkPrograms,
		checkDatabases,
		checkCertificates,
		checkProvision,
		checkImages,
		checkPackages,
		checkPolicies,
	)
	judged := slices.Clone(diags)
	ApplyPolicies(t, judged) // what a policy allows shall not hide what else is wrong
	if judged.HasErrors() {
		return diags
	}
	return append(diags, apply(t,
		checkSegments,
		checkAdvertisements,
		checkLeases,
		checkRouterServices,
		checkFirewalls,
		checkTunnels,
		checkPaths,
		checkAnswers,
		checkNeeds,
		checkApply,
		checkEnds,
		checkApplications,
		checkSites,
		checkChallenges,
		checkCapacity,
		checkSecrets,
		checkHygiene,
	)...)
}

// apply collects what rules find, in the order of the rules. They only read the
// topology, and so run side by side. A rule that looks something up says nothing
// when it is not there: only checkReferences speaks of that.
func apply(t *topology.Topology, rules ...func(*topology.Topology) diag.List) diag.List {
	found := make([]diag.List, len(rules))
	var work sync.WaitGroup
	for i, find := range rules {
		work.Go(func() { found[i] = find(t) })
	}
	work.Wait()
	return slices.Concat(found...)
}

// Anchor moves findings about values that nobody wrote, such as a default port,
// to the nearest object that was written.
func Anchor(diags diag.List, doc any) {
	for i := range diags {
		d := &diags[i]
		d.Path = diag.Anchored(d.Path, doc)
		for j := range d.Related {
			d.Related[j].Path = diag.Anchored(d.Related[j].Path, doc)
		}
	}
}

// Paths of what findings are often about.

func vmPath(vm *topology.VM, tokens ...any) string {
	return diag.Join(diag.Path("vms", vm.Name), tokens...)
}

func hostPath(h *topology.Host, tokens ...any) string {
	return diag.Join(diag.Path("hosts", h.Name), tokens...)
}

func networkPath(n *topology.Network, tokens ...any) string {
	return diag.Join(diag.Path("networks", n.Name), tokens...)
}

func routerPath(vm *topology.VM, tokens ...any) string {
	return diag.Join(vmPath(vm, "router"), tokens...)
}
