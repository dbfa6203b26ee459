package vyos

import "stackgen/schema/diag"

// seed reports what a release cannot be told at its first boot.
func (c checker) seed() {
	if c.vm.Provision != "cloud-init" {
		return
	}
	path := diag.Join(c.base, "provision")
	c.unsupported(bootFiles, "cloud-init", path, "cloud-init", "provision: 'none'")
	if c.d.has(bootFiles) && len(c.vm.Router.OpenVPN) > 0 {
		c.unsupported(keyStore, "seeded-keys", path, "place for keys in its commands", "provision: 'none'")
	}
}
