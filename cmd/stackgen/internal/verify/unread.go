package verify

import (
	"slices"

	"stackgen/render/artifact"
)

// reasons say of each format that has no judge why nobody reads it before the machine
// does.
func reasons() map[artifact.Format]string {
	return map[artifact.Format]string{
		"":                      "the manifest does not say what it is; render the tree again",
		artifact.Verbatim:       "it is a text of the topology's author, and stackgen does not know whose",
		artifact.Markdown:       "it is for people",
		artifact.PackageList:    "which packages there are is only known on the machine, and apply asks there",
		artifact.Hostname:       "it is one name, which the schema of a topology has checked",
		artifact.Hosts:          "every program looks names up in it, and none checks it",
		artifact.Resolv:         "every program looks names up by it, and none checks it",
		artifact.Sysusers:       "systemd-sysusers changes the machine as it reads",
		artifact.Environ:        "systemd takes every line of it, and apply puts the secrets there on the way",
		artifact.Sysctl:         "sysctl asks the kernel that it is about",
		artifact.SystemdLink:    "udev reads it when the device appears",
		artifact.CloudMeta:      "cloud-init has no check for it",
		artifact.CloudLinks:     "cloud-init has no check for it before version 23",
		artifact.CloudSystem:    "cloud-init has no check for it",
		artifact.SQLMySQL:       "only MySQL can, and Debian has no server of it",
		artifact.AuthorizedKeys: "sshd skips a line that it does not understand without a word",
		artifact.Passwords:      "apply puts the hashes into it on the way",
		artifact.SNMP:           "snmpd has no check for it",
		artifact.LLDP:           "lldpcli gives each line to the daemon at once",
		artifact.FRRDaemons:     "it says which daemons are started, to a script of the package",
		artifact.OpenVPNClient:  "openvpn reads it when that client connects",
		artifact.WireGuard:      "wg takes it only with its keys, which apply puts there on the way",
		artifact.SwanctlConf:    "swanctl gives it to the daemon at once",
		artifact.KeyFile:        "apply puts the key into it on the way",
		artifact.VyOSCommands:   "nothing outside of the machine itself can judge it",
		artifact.VyOSBoot:       "nothing outside of the machine itself can judge it",
	}
}

// unread are the results of the files that nobody is asked about.
func unread(files []artifact.File) (results []Result) {
	known, why := formats(), reasons()
	for _, f := range files {
		if slices.Contains(known, f.Format) {
			continue
		}
		reason, ok := why[f.Format]
		if !ok {
			reason = "this version of stackgen does not know the format"
		}
		results = append(results, Result{Path: f.TreePath(), Checker: string(f.Format), State: Unread,
			Output: "nobody reads it, because " + reason})
	}
	return results
}

// formats are those that have a judge.
func formats() (all []artifact.Format) {
	for _, j := range judges() {
		all = append(all, j.formats...)
	}
	return all
}
