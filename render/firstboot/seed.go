package firstboot

import (
	"bytes"
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/topology"

	"gopkg.in/yaml.v3"
)

// seedFiles are the three files of the NoCloud seed of a VM, below its folder.
// SSH host keys are not among them: the script makes them where the seed is made.
func seedFiles(t *topology.Topology, vm *topology.VM, own []*artifact.File) ([]artifact.File, error) {
	user, err := userData(t, vm, own)
	if err != nil {
		return nil, err
	}
	meta, err := document(metaData{InstanceID: vm.UUID, LocalHostname: vm.Name})
	if err != nil {
		return nil, err
	}
	config, err := document(networkConfig(t, vm))
	return []artifact.File{user, {Path: "meta-data", Format: artifact.CloudMeta, Content: meta},
		{Path: "network-config", Format: artifact.CloudLinks, Content: config}}, err
}

// metaData names the instance. cloud-init does the work of a first boot for each
// ID that it has not seen on the disk: the ID is the VM's, which no change of the
// topology but its name moves.
type metaData struct {
	InstanceID    string `yaml:"instance-id"`
	LocalHostname string `yaml:"local-hostname"`
}

// cloudConfig is what a Debian guest is told, in the words of cloud-init's modules.
type cloudConfig struct {
	Hostname    string      `yaml:"hostname"`
	FQDN        string      `yaml:"fqdn,omitempty"`
	DisableRoot bool        `yaml:"disable_root"`
	Users       []account   `yaml:"users"`
	WriteFiles  []writeFile `yaml:"write_files"`
}

// account lets keys in. Its password stays as the image has it: cloud-init would
// lock it. Root is on the image; another account is made when it is not, and may
// become root, as apply does. There is always one: without, cloud-init would make
// an account of its own.
type account struct {
	Name           string   `yaml:"name"`
	LockPassword   bool     `yaml:"lock_passwd"`
	Shell          string   `yaml:"shell,omitempty"`
	Sudo           string   `yaml:"sudo,omitempty"`
	AuthorizedKeys []string `yaml:"ssh_authorized_keys,omitempty"`
}

type writeFile struct {
	Path        string `yaml:"path"`
	Owner       string `yaml:"owner"`
	Permissions string `yaml:"permissions"`
	Content     string `yaml:"content"`
}

// userData is the configuration of a VyOS router, or that of a Debian guest: the
// files of its step "system", but the one with its name, which has to stand there
// before they are written.
func userData(t *topology.Topology, vm *topology.VM, own []*artifact.File) (artifact.File, error) {
	c := cloudConfig{Hostname: vm.Name, Users: []account{accountOf(vm)}}
	if full := t.FQDN(vm.Name); full != vm.Name {
		c.FQDN = full
	}
	for _, f := range own {
		switch {
		case isUserData(f):
			return artifact.File{Path: "user-data", Format: artifact.CloudConfig, Content: f.Content, Secrets: f.Secrets}, nil
		case isSystem(f) && f.Path != "etc/hostname":
			c.WriteFiles = append(c.WriteFiles,
				writeFile{f.Install.Path, f.Install.Owner + ":" + f.Install.Group, fmt.Sprintf("%04o", f.Install.Mode), f.Content})
		}
	}
	text, err := document(c)
	return artifact.File{Path: "user-data", Format: artifact.CloudConfig, Content: "#cloud-config\n" + text}, err
}

func accountOf(vm *topology.VM) account {
	a := account{Name: vm.SSH.User, AuthorizedKeys: vm.AuthorizedKeys}
	if a.Name != "root" {
		a.Shell, a.Sudo = "/bin/bash", "ALL=(ALL) NOPASSWD:ALL"
	}
	return a
}

// document is a value as a file of YAML.
func document(v any) (string, error) {
	var b bytes.Buffer
	b.WriteString("# " + artifact.Header + "\n")
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(v); err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	return b.String(), encoder.Close()
}
