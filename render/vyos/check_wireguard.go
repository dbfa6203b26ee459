package vyos

func (c checker) wireGuard() {
	for _, w := range c.vm.Router.WireGuard {
		path := c.path("wireguard", w.Name)
		c.text(path, w.Description)
		c.unsupported(wireGuard, "wireguard", path, "WireGuard", "take an OpenVPN tunnel")
	}
}
