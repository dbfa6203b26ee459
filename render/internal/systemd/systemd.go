// Package systemd gives the commands by which steps have units of systemd take up new
// files, and see that they run. It takes names of units, none of which a shell would
// take for something else.
package systemd

// Reload has a unit that is running read its files again, and starts one that is not;
// either will start with the machine.
func Reload(unit string) []string {
	return []string{enable(unit), "systemctl reload-or-restart " + unit}
}

// Restart is for a program that reads its files when it starts.
func Restart(unit string) []string { return []string{enable(unit), "systemctl restart " + unit} }

// Start leaves a unit alone that is running.
func Start(unit string) []string { return []string{enable(unit), "systemctl start " + unit} }

func enable(unit string) string { return "systemctl --quiet enable " + unit }

// IsActive fails unless the unit runs.
func IsActive(unit string) string { return "systemctl --quiet is-active " + unit }
