package render_test

// systemFeatures are those of services on the router and of the router itself.
func systemFeatures() []feature {
	return []feature{
		{name: "resolvers of the router", patch: "{ nameServers: ['9.9.9.9'] }"},
		{name: "commands of the user", patch: "{ extraCommands: [\"set system time-zone 'UTC'\"] }"},
	}
}
