package debian

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/render/internal/systemd"
	"stackgen/schema/topology"
)

// keysDir has a file of public keys for each account. A home directory is its
// owner's; what is there is not of the stack.
const keysDir = "etc/ssh/authorized_keys.d"

// accounts makes the accounts that there are not yet, and gives them what they
// lack. Each may do what root may, as on VyOS.
func accounts(_ *topology.Topology, vm *topology.VM) part {
	users := vm.Router.System.Users
	if len(users) == 0 {
		return part{}
	}
	script := "#!/bin/sh\n" + head("Makes the accounts of "+vm.Name) + `set -eu

account() { # NAME FULL-NAME
	getent passwd "$1" >/dev/null || useradd --create-home --shell /bin/bash "$1"
	[ "$(getent passwd "$1" | cut -d : -f 5)" = "$2" ] || usermod --comment "$2" "$1"
}

`
	sudoers := head("What the accounts of " + vm.Name + " may do")
	p := part{step: artifact.Step{
		Name: "accounts", Summary: "accounts", Packages: []string{"passwd", "sudo"},
		Check: []string{"visudo --check --quiet --file=/" + sudoersPath},
		Apply: []string{"sh accounts/accounts.sh"},
	}}
	for _, u := range users {
		script += shell.Join("account", u.Name, u.FullName) + "\n"
		sudoers += u.Name + " ALL=(ALL:ALL) NOPASSWD: ALL\n"
		p.step.Verify = append(p.step.Verify, "id "+u.Name+" > /dev/null")
		p.step.Makes = append(p.step.Makes, artifact.Users(u.Name)...)
		p.files = append(p.files, file{path: keysDir + "/" + u.Name, format: artifact.AuthorizedKeys, mode: 0o644,
			text: keys(vm, u)})
	}
	p.files = append(p.files, file{path: "accounts/accounts.sh", format: artifact.Shell, text: script},
		file{path: sudoersPath, format: artifact.Sudoers, mode: 0o440, text: sudoers})
	p.passwords(vm, users)
	return p
}

const sudoersPath = "etc/sudoers.d/router"

func keys(vm *topology.VM, u topology.User) string {
	text := head("The keys of " + u.Name + " on " + vm.Name)
	for _, k := range u.PublicKeys {
		text += k.Line + "\n"
	}
	return text
}

// passwords hands over hashes on standard input: an argument could be seen by
// all.
func (p *part) passwords(vm *topology.VM, users []topology.User) {
	text := head("Hashes of the passwords of " + vm.Name)
	var secrets []artifact.Secret
	for _, u := range users {
		if u.Password != "" {
			s := artifact.Secret{Name: string(u.Password), Encoding: artifact.Crypt}
			text += u.Name + ":" + s.PlaceHolder() + "\n"
			secrets = append(secrets, s)
		}
	}
	if len(secrets) > 0 {
		p.files = append(p.files, file{path: "accounts/passwords.txt", format: artifact.Passwords, text: text,
			secrets: secrets})
		p.step.Apply = append(p.step.Apply, "grep -v '^#' accounts/passwords.txt | chpasswd --encrypted")
	}
}

// sshServer is a file beside the package's own, whose other settings count. One
// who makes a mistake here is locked out, so that the step is guarded.
func sshServer(_ *topology.Topology, vm *topology.VM) part {
	s, users := vm.Router.SSH, vm.Router.System.Users
	if s == nil && len(users) == 0 && vm.SSH.Port == 22 {
		return part{}
	}
	text := head("The SSH server of "+vm.Name) + fmt.Sprintf("Port %d\n", vm.SSH.Port)
	if len(users) > 0 {
		text += "AuthorizedKeysFile .ssh/authorized_keys /" + keysDir + "/%u\n"
	}
	if s != nil {
		for _, a := range vm.AddressesOn(s.Networks) {
			text += "ListenAddress " + a.String() + "\n"
		}
		if s.DisablePasswordAuthentication {
			text += "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
		}
	}
	const unit, reload = "ssh.service", "systemctl reload-or-restart ssh.service"
	p := part{
		step: artifact.Step{
			Name: "ssh", Summary: "SSH server", Packages: []string{"openssh-server"},
			Check: []string{"sshd -t"}, Apply: []string{reload}, Verify: []string{systemd.IsActive(unit)},
			Guarded: true, Undo: []string{reload},
		},
		files: []file{{path: "etc/ssh/sshd_config.d/router.conf", format: artifact.SSHDaemon, mode: 0o644, text: text}},
	}
	if len(users) > 0 {
		p.step.After = []string{vm.Name + "/accounts"} // keys before passwords are no use any more
	}
	return p
}

// options are the time zone, and what happens when something is wrong.
func options(_ *topology.Topology, vm *topology.VM) part {
	s := vm.Router.System
	var p part
	var script strings.Builder
	script.WriteString("#!/bin/sh\n" + head("The time zone and the console of "+vm.Name) + "set -eu\n")
	if z := s.TimeZone; z != "" {
		p.step.Packages = []string{"tzdata"}
		fmt.Fprintf(&script, "test -e /usr/share/zoneinfo/%[1]s\nln -sfn /usr/share/zoneinfo/%[1]s /etc/localtime\n", z)
		p.step.Verify = append(p.step.Verify, fmt.Sprintf("[ \"$(readlink /etc/localtime)\" = /usr/share/zoneinfo/%s ]", z))
	}
	if key := s.Options.CtrlAltDelete; key != "" {
		target := map[string]string{
			"ignore":   "/dev/null",
			"reboot":   "/lib/systemd/system/reboot.target",
			"poweroff": "/lib/systemd/system/poweroff.target",
		}[key]
		fmt.Fprintf(&script, "ln -sfn %s /etc/systemd/system/ctrl-alt-del.target\nsystemctl daemon-reload\n", target)
	}
	p.step.Name, p.step.Summary = "options", "time zone and options"
	if s.TimeZone != "" || s.Options.CtrlAltDelete != "" {
		p.files = append(p.files, file{path: "options/options.sh", format: artifact.Shell, text: script.String()})
		p.step.Apply = append(p.step.Apply, "sh options/options.sh")
	}
	if on := s.Options.RebootOnPanic; on != nil {
		p.panic(vm, *on)
	}
	return p
}

// panic has the kernel restart after a minute (admin-guide/sysctl/kernel), or
// wait for somebody.
func (p *part) panic(vm *topology.VM, restart bool) {
	const path = "etc/sysctl.d/61-options.conf"
	seconds := 0
	if restart {
		seconds = 60
	}
	p.files = append(p.files, file{path: path, format: artifact.Sysctl, mode: 0o644,
		text: head("What the kernel of "+vm.Name+" does after a panic") + fmt.Sprintf("kernel.panic = %d\n", seconds)})
	p.step.Packages = append([]string{"procps"}, p.step.Packages...)
	p.step.Apply = append(p.step.Apply, "sysctl --quiet --load=/"+path)
	p.step.Verify = append(p.step.Verify, fmt.Sprintf("[ \"$(sysctl --values kernel.panic)\" = %d ]", seconds))
}
