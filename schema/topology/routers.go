package topology

// RoutersOn gives the machines that route and whose system is that platform, "vyos"
// or "debian", in the order of the topology.
func (t *Topology) RoutersOn(platform string) []*VM {
	var vms []*VM
	for i := range t.VMs {
		if r := t.VMs[i].Router; r != nil && r.Platform == platform {
			vms = append(vms, &t.VMs[i])
		}
	}
	return vms
}
