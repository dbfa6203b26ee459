package vyos

import (
	"slices"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// pemFile is one of the keys of an OpenVPN interface.
type pemFile struct {
	secret topology.Secret
	word   word   // its leaf below tls; "" where the certificate brings it along
	store  string // its leaf in the key store, with NAME for the interface
	file   string // its name among the files of an old release
}

// keysOf are those that an interface has.
func keysOf(v *topology.OpenVPN) []pemFile {
	own := "server"
	if v.Mode != "server" {
		own = "own"
	}
	keys := []pemFile{
		{v.TLS.CA, caFile, "pki ca NAME certificate", "ca.crt"},
		{v.TLS.Cert, certFile, "pki certificate NAME certificate", own + ".crt"},
		{v.TLS.Key, keyFile, "pki certificate NAME private key", own + ".key"},
	}
	if v.TLS.DH != "" {
		keys = append(keys, pemFile{v.TLS.DH, dhFile, "pki dh NAME parameters", "dh.pem"})
	}
	return keys
}

// keys gives an interface its keys: from the router's own store, under the name
// of the interface, or from files.
func (b builder) keys(tls node, v *topology.OpenVPN) {
	for _, k := range keysOf(v) {
		leaf := b.d.word(k.word)
		if !b.d.has(keyStore) {
			tls.leaf(leaf, keyPath(v, k))
			continue
		}
		if leaf != "" {
			tls.leaf(leaf, v.Name)
		}
		b.root.named(k.store, v.Name).value(body(k.secret).PlaceHolder())
	}
}

// body stands for what is between BEGIN and END of a PEM file, on one line.
func body(s topology.Secret) artifact.Secret {
	return artifact.Secret{Name: string(s), Encoding: artifact.PEMBody}
}

// keyPath is where an old release has a key: /config survives an upgrade, and
// 1.3 takes keys from nowhere else.
func keyPath(v *topology.OpenVPN, k pemFile) string { return "/config/auth/" + v.Name + "/" + k.file }

// keyFiles are the files of an old release. They are there before the commands
// that name them: 1.3 looks.
func keyFiles(vm *topology.VM) []artifact.File {
	var files []artifact.File
	for i := range vm.Router.OpenVPN {
		v := &vm.Router.OpenVPN[i]
		for _, k := range keysOf(v) {
			secret := artifact.Secret{Name: string(k.secret), Encoding: artifact.PEM}
			path := keyPath(v, k)
			files = append(files, artifact.File{
				Machine: vm.Name, Path: path[1:], Format: artifact.KeyFile, Step: stepName,
				Content: "# " + artifact.Header + "\n" + secret.PlaceHolder() + "\n",
				Install: &artifact.Install{Path: path, Owner: "root", Group: "vyattacfg", Mode: 0o600},
				Secrets: []artifact.Secret{secret},
			})
		}
	}
	return files
}

// stored are the secrets that stand in the commands of a release, each once.
func stored(vm *topology.VM, d dialect) []artifact.Secret {
	var all []artifact.Secret
	add := func(s artifact.Secret) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if d.has(keyStore) {
		for i := range vm.Router.OpenVPN {
			for _, k := range keysOf(&vm.Router.OpenVPN[i]) {
				add(body(k.secret))
			}
		}
	}
	for _, s := range wireGuardSecrets(vm, d) {
		add(wireGuardKey(s))
	}
	for i := range vm.Router.IPsec {
		add(sharedKey(&vm.Router.IPsec[i]))
	}
	if s := vm.Router.SNMP; s != nil {
		add(communityOf(s))
	}
	for _, u := range vm.Router.System.Users {
		if u.Password != "" {
			add(passwordOf(u))
		}
	}
	return all
}
