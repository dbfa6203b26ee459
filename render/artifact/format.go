package artifact

// Format says in which language a file is: what its reader on the machine takes it
// for. It stands in the manifest, and decides who is asked about the file when a
// tree is verified. A path decides nothing: users choose paths as well.
type Format string

// The formats. A file without one is a fault of its renderer.
const (
	// Verbatim is a text of the user, whatever it is: nobody is asked about it.
	Verbatim Format = "verbatim"
	PHP      Format = "php" // of the user too, and php-fpm runs it

	Markdown     Format = "markdown"  // for people
	Shell        Format = "shell"     // of bash or sh
	BridgeScript Format = "ovs-vsctl" // a shell script whose commands are ovs-vsctl(8)'s
	PackageList  Format = "packages"  // names of Debian packages

	Interfaces  Format = "interfaces" // interfaces(5)
	SystemdLink Format = "systemd-link"
	SystemdUnit Format = "systemd-drop-in"
	SystemdFull Format = "systemd-unit" // a whole unit
	Quadlet     Format = "quadlet"
	Sysusers    Format = "sysusers"
	Environ     Format = "environment-file" // of a unit
	Hostname    Format = "hostname"
	Hosts       Format = "hosts"
	Resolv      Format = "resolv.conf"
	Sysctl      Format = "sysctl"
	Nftables    Format = "nftables"

	Domain      Format = "libvirt-domain"
	CloudConfig Format = "cloud-config"   // user data of cloud-init
	CloudMeta   Format = "cloud-metadata" // meta-data of a NoCloud seed
	CloudLinks  Format = "cloud-network"  // network-config of a NoCloud seed
	CloudSystem Format = "cloud.cfg"      // cloud-init's own configuration

	VCL       Format = "vcl"
	Hitch     Format = "hitch"
	Nginx     Format = "nginx"   // within the http block
	PHPPool   Format = "php-fpm" // with the version of PHP behind it: php-fpm8.2
	MyCnf     Format = "my.cnf"  // of MariaDB or MySQL
	SQLScript Format = "sql"     // MariaDB and MySQL can run it
	// SQLChanges prints statements of which a second run prints none when they have run.
	SQLChanges Format = "sql-changes"
	SQLAudit   Format = "sql-audit"   // queries that find nothing where all SQL of the machine has run
	SQLMySQL   Format = "sql-mysql"   // only MySQL can run it
	SSHConfig  Format = "ssh_config"  // ssh_config(5)
	SSHDaemon  Format = "sshd_config" // sshd_config(5)

	AuthorizedKeys Format = "authorized_keys"
	Passwords      Format = "chpasswd"
	Sudoers        Format = "sudoers"
	Chrony         Format = "chrony"
	Dnsmasq        Format = "dnsmasq"
	Rsyslog        Format = "rsyslog"
	SNMP           Format = "snmpd"
	LLDP           Format = "lldpd"

	Keepalived Format = "keepalived"
	FRR        Format = "frr"
	FRRDaemons Format = "frr-daemons" // which daemons are started
	Radvd      Format = "radvd"

	OpenVPN       Format = "openvpn"
	OpenVPNClient Format = "openvpn-client" // what a server keeps of one client
	WireGuard     Format = "wireguard"
	SwanctlConf   Format = "swanctl"
	KeyFile       Format = "key" // a key or certificate whose value apply puts there

	VyOSCommands Format = "vyos-commands"
	VyOSBoot     Format = "config.boot"
)
