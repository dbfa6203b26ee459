package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// What any hypervisor has, so that a small stack need not say it.
const (
	assumedCPUs   = 8
	assumedMemory = 8 << 30
)

// checkCapacity compares what VMs want with what their hosts say they have.
func checkCapacity(t *topology.Topology) (diags diag.List) {
	demands := map[string]*demand{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if h := t.Host(vm.Host); h == nil || tooLarge(h, vm, &diags) {
			continue
		}
		if demands[vm.Host] == nil {
			demands[vm.Host] = &demand{pools: map[string]topology.Size{}}
		}
		demands[vm.Host].add(vm)
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		if d := demands[h.Name]; d != nil {
			d.compare(h, &diags)
		}
	}
	return diags
}

// demand is what the VMs of a host want together.
type demand struct {
	cpus   int
	memory topology.Size
	pools  map[string]topology.Size
}

func (d *demand) add(vm *topology.VM) {
	d.cpus += vm.VCPUs
	d.memory += vm.Memory
	for _, disk := range vm.Disks {
		d.pools[disk.Pool] += disk.Size
	}
}

func (d *demand) compare(h *topology.Host, diags *diag.List) {
	c := h.Capacity
	path := hostPath(h, "capacity")
	if c.CPUs == 0 && d.cpus > assumedCPUs || c.Memory == 0 && d.memory > assumedMemory {
		diags.Warningf("capacity/undeclared", path, "VMs on %q want %d processors and %s of memory, and nobody says what it has", h.Name, d.cpus, d.memory).
			Hintf("add capacity: { cpus: …, memory: … } to the host")
	}
	if c.CPUs != 0 && d.cpus > c.CPUs {
		diags.Warningf("capacity/overcommit", diag.Join(path, "cpus"), "VMs on %q want %d processors, it has %d", h.Name,
			d.cpus, c.CPUs).
			Hintf("they share them; lower vcpus if they are busy at the same time")
	}
	if c.Memory != 0 && d.memory > c.Memory {
		diags.Warningf("capacity/overcommit", diag.Join(path, "memory"), "VMs on %q want %s of memory, it has %s", h.Name,
			d.memory, c.Memory).
			Hintf("a host without memory stops VMs; lower memory, or move one")
	}
	for _, p := range h.Pools {
		if p.Capacity != 0 && d.pools[p.Name] > p.Capacity {
			diags.Warningf("capacity/overcommit", hostPath(h, "pools", p.Name, "capacity"),
				"disks in pool %q may grow to %s, it has room for %s", p.Name, d.pools[p.Name], p.Capacity).
				Hintf("disks take room as they are written; watch it, or make them smaller")
		}
	}
}

// tooLarge finds a VM that its host cannot run at all, and reports whether it is
// one.
func tooLarge(h *topology.Host, vm *topology.VM, diags *diag.List) bool {
	before := len(*diags)
	if c := h.Capacity.CPUs; c != 0 && vm.VCPUs > c {
		diags.Errorf("capacity/too-large", vmPath(vm, "vcpus"), "VM %q wants %d processors, host %q has %d", vm.Name,
			vm.VCPUs, h.Name, c).
			Also(hostPath(h, "capacity", "cpus"), "what it has").Hintf("write at most %d", c)
	}
	if c := h.Capacity.Memory; c != 0 && vm.Memory > c {
		diags.Errorf("capacity/too-large", vmPath(vm, "memory"), "VM %q wants %s of memory, host %q has %s", vm.Name,
			vm.Memory, h.Name, c).
			Also(hostPath(h, "capacity", "memory"), "what it has").Hintf("write at most '%s'", c)
	}
	for _, d := range vm.Disks {
		if p := h.Pool(d.Pool); p != nil && p.Capacity != 0 && d.Size > p.Capacity {
			diags.Errorf("capacity/too-large", vmPath(vm, "disks", d.Name, "size"), "disk %q has %s, pool %q room for %s",
				d.Name, d.Size, p.Name, p.Capacity).
				Also(hostPath(h, "pools", p.Name, "capacity"), "what it has").Hintf("write at most '%s'", p.Capacity)
		}
	}
	return len(*diags) > before
}
