package openvpn

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/netmask"
	"stackgen/render/internal/systemd"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// serverDir is where the unit openvpn-server@ looks for configurations.
const serverDir = "etc/openvpn/server/"

// serverView is what the template shows: finished words.
type serverView struct {
	Router, Description, Name string
	Transport                 string
	Port                      int
	Topology, Address, Mask   string
	Push, Routes              []string
	DH                        bool
	FixedAddresses            bool
	Ciphers, Auth             string
	TunMTU                    int
	Mssfix                    string
}

// addServer adds the configuration of a server, its keys, a file for each client
// with a fixed address, and the step.
func addServer(set *artifact.Set, t *topology.Topology, vm *topology.VM, v *topology.OpenVPN) error {
	config, err := templates.File(installed(vm, v, serverDir+v.Name+".conf", artifact.OpenVPN),
		"openvpn/server.conf.tmpl", server(t, vm, v))
	if err != nil {
		return err
	}
	set.Files = append(set.Files, config)
	addKeys(set, vm, v, serverDir)
	for _, c := range v.Clients {
		if c.Address.IsValid() {
			file := installed(vm, v, serverDir+v.Name+"/clients/"+c.Name, artifact.OpenVPNClient)
			file.Content = "# " + artifact.Header + "\n" + fixedAddress(v, c) + "\n"
			set.Files = append(set.Files, file)
		}
	}
	set.Steps = append(set.Steps, unitStep(vm, v, "openvpn-server@", serverDir))
	return nil
}

// installed is a file of an instance, to be filled.
func installed(vm *topology.VM, v *topology.OpenVPN, path string, format artifact.Format) artifact.File {
	return artifact.File{Machine: vm.Name, Path: path, Format: format, Step: stepName(v)}.Installed()
}

// addKeys adds the keys of an instance, below a folder of its name.
func addKeys(set *artifact.Set, vm *topology.VM, v *topology.OpenVPN, dir string) {
	for _, k := range keys(v) {
		secret := artifact.Secret{Name: string(k.secret), Encoding: artifact.PEM}
		file := installed(vm, v, dir+v.Name+"/"+k.file, artifact.KeyFile).Private()
		file.Content = "# " + artifact.Header + "\n" + secret.PlaceHolder() + "\n"
		file.Secrets = []artifact.Secret{secret}
		set.Files = append(set.Files, file)
	}
}

func stepName(v *topology.OpenVPN) string { return "openvpn-" + v.Name }

// key is a file of an instance's keys and the secret that it holds.
type key struct {
	file   string
	secret topology.Secret
}

func keys(v *topology.OpenVPN) []key {
	own := "own"
	if v.Mode == "server" {
		own = "server"
	}
	all := []key{{"ca.crt", v.TLS.CA}, {own + ".crt", v.TLS.Cert}, {own + ".key", v.TLS.Key}}
	if v.TLS.DH != "" {
		all = append(all, key{"dh.pem", v.TLS.DH})
	}
	return all
}

func server(t *topology.Topology, vm *topology.VM, v *topology.OpenVPN) serverView {
	s := serverView{
		Router: vm.Name, Description: v.Description, Name: v.Name,
		Transport: v.Protocol, Port: v.Port,
		Topology: v.Topology, Address: v.Subnet.Addr().String(), Mask: netmask.Of(v.Subnet),
		DH:      v.TLS.DH != "",
		Ciphers: strings.Join(v.Ciphers, ":"), Auth: strings.ToUpper(v.Hash), TunMTU: v.TunMTU,
	}
	s.Routes = routesInto(vm, v)
	if v.Protocol == "tcp" {
		s.Transport = "tcp-server"
	}
	if !v.Mssfix {
		s.Mssfix = "0"
	}
	for _, g := range v.PushRoutes {
		if p := t.Resolve(vm, g); p.IsValid() {
			s.Push = append(s.Push, "route "+p.Addr().String()+" "+netmask.Of(p))
		}
	}
	for _, a := range v.NameServers {
		s.Push = append(s.Push, "dhcp-option DNS "+a.String())
	}
	for _, c := range v.Clients {
		s.FixedAddresses = s.FixedAddresses || c.Address.IsValid()
	}
	return s
}

// fixedAddress is what a server tells one client: its address and, in a
// topology without subnet, the other end's.
func fixedAddress(v *topology.OpenVPN, c topology.VPNClient) string {
	second := netmask.Of(v.Subnet)
	if v.Topology == "net30" {
		second = c.Address.Prev().String()
	}
	return "ifconfig-push " + c.Address.String() + " " + second
}

// unitStep restarts an instance: it has no reload that keeps its tunnels. With
// --show-ciphers openvpn(8) reads the configuration and does nothing else. A
// client's interface is not up before the other end is.
func unitStep(vm *topology.VM, v *topology.OpenVPN, template, dir string) artifact.Step {
	unit := template + v.Name + ".service"
	verify := []string{systemd.IsActive(unit)}
	summary := fmt.Sprintf("OpenVPN %s, port %d", v.Name, v.Port)
	if v.Mode == "server" {
		verify = append(verify, fmt.Sprintf("ip -br addr show dev %s up | grep . > /dev/null", v.Name))
		summary = fmt.Sprintf("OpenVPN server %s, port %d", v.Name, v.Port)
	}
	return artifact.Step{
		Machine: vm.Name, Name: stepName(v), Phase: artifact.Router,
		Summary:  summary,
		After:    []string{vm.Name + "/router"},
		Packages: []string{"openvpn"},
		Check:    []string{fmt.Sprintf("openvpn --cd /%s --config %s.conf --show-ciphers > /dev/null", dir, v.Name)},
		Makes:    artifact.Units(unit),
		Apply:    systemd.Restart(unit),
		Verify:   verify,
	}
}
