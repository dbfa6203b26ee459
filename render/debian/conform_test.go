package debian

import (
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// twin is an artifact with a mistake in it.
type twin struct{ old, new string }

// tried hands a file to the program that reads it, and then each broken twin of
// it, which it must refuse.
func tried(t *testing.T, path string, accepts func(file string) (string, bool), twins ...twin) {
	t.Helper()
	good := rendertest.Filled(rendertest.Content(t, rendered(t, "{}"), "gw01/"+path))
	if out, ok := accepts(rendertest.Write(t, "good", good)); !ok {
		t.Errorf("%s is refused:\n%s", path, out)
	}
	for _, tw := range twins {
		bad := strings.Replace(good, tw.old, tw.new, 1)
		if bad == good {
			t.Fatalf("there is no %q in %s", tw.old, path)
		}
		if out, ok := accepts(rendertest.Write(t, "bad", bad)); ok {
			t.Errorf("%q instead of %q is accepted:\n%s", tw.new, tw.old, out)
		}
	}
}

func TestChronyAccepts(t *testing.T) {
	rendertest.Need(t, "chronyd")
	tried(t, "etc/chrony/chrony.conf", func(file string) (string, bool) {
		return rendertest.Run(t, "chronyd", "-p", "-f", file)
	}, twin{"allow", "alow"}, twin{"prefer", "preferred"})
}

func TestRsyslogAccepts(t *testing.T) {
	rendertest.Need(t, "rsyslogd")
	tried(t, "etc/rsyslog.d/60-router.conf", func(file string) (string, bool) {
		return rendertest.Run(t, "rsyslogd", "-N1", "-f", file)
	}, twin{"*.info", "*.infos"}, twin{"auth.", "authy."})
}

func TestSudoAccepts(t *testing.T) {
	rendertest.Need(t, "visudo")
	tried(t, "etc/sudoers.d/router", func(file string) (string, bool) {
		return rendertest.Run(t, "visudo", "--check", "--quiet", "--file="+file)
	}, twin{"(ALL:ALL)", "(ALL:ALL"}, twin{"NOPASSWD:", "NOPASWD:"})
}

func TestSSHAccepts(t *testing.T) {
	rendertest.Need(t, "sshd", "ssh-keygen")
	tried(t, "etc/ssh/sshd_config.d/router.conf", func(file string) (string, bool) {
		return rendertest.Alone(t, `mkdir /run/sshd
ssh-keygen -q -t ed25519 -N '' -f /run/key
/usr/sbin/sshd -t -h /run/key -f `+file+"\n")
	}, twin{"ListenAddress 192.0.2.3", "ListenAddress 192.0.2.3.4."}, twin{"Authentication no", "Authentication never"}, twin{"Port 22", "Port 222222"})
}

// TestSNMPAnswers reads a counter as a monitoring system would, and as one that
// does not know the community.
func TestSNMPAnswers(t *testing.T) {
	rendertest.Need(t, "snmpd", "snmpget", "ss")
	tried(t, "etc/snmp/snmpd.conf", func(file string) (string, bool) {
		return rendertest.Alone(t, `ip addr add 10.7.0.1/24 dev lo
export MIBS= # the numbers are enough
snmpd -f -C -c `+file+` -Lf /run/log &
for i in $(seq 300); do ! ss -H -uln 'sport = :161' | grep -q . || break; sleep 0.1; done
ask() { snmpget -v2c -c "$1" -t 2 -r "$2" -Oqv 10.7.0.1 1.3.6.1.2.1.1.6.0; }
place=$(ask AAAA 4)
[ "$place" = '"rack 7, left"' ] || { echo "it is at $place" >&2; exit 1; }
if ask public 0; then exit 1; fi
`)
	}, twin{"rocommunity AAAA", "rocommunity BBBB"}, twin{"sysLocation rack", "sysLocation a rack"}, twin{"rack 7, left\n", "rack 7, left\nrocommunity public 10.7.0.0/24\n"})
}

// TestLLDPAccepts hands the lines to a daemon that runs, as it does itself when
// it starts.
func TestLLDPAccepts(t *testing.T) {
	rendertest.Need(t, "lldpd", "lldpcli")
	tried(t, "etc/lldpd.d/router.conf", func(file string) (string, bool) {
		return rendertest.Alone(t, `mkdir /run/lldpd
lldpd -d -u /run/lldpd.socket -c &
for i in $(seq 300); do [ ! -S /run/lldpd.socket ] || break; sleep 0.1; done
install -m 644 `+file+` /run/router.conf # it reads as somebody else
lldpcli -u /run/lldpd.socket -c /run/router.conf > /run/out 2>&1
lldpcli -u /run/lldpd.socket show configuration >> /run/out
cat /run/out
grep -q 'Interface pattern: eth0,eth1' /run/out
`)
	}, twin{"interface pattern", "interface patern"}, twin{"eth0,eth1", "eth0"})
}

// TestAccountsAreMade runs the script twice in a system whose accounts are its
// own, and logs what it has made.
func TestAccountsAreMade(t *testing.T) {
	rendertest.Need(t, "useradd", "usermod", "chpasswd")
	set := rendered(t, "{}")
	for i := range set.Files {
		set.Files[i].Content = rendertest.Filled(set.Files[i].Content)
	}
	dir := filepath.Join(rendertest.Tree(t, set), "gw01")
	out, ok := rendertest.Alone(t, `cp -a /etc /run/etc
mount --bind /run/etc /etc
mount -t tmpfs tmpfs /home
cd `+dir+`
for i in 1 2; do
	sh accounts/accounts.sh
	grep -v '^#' accounts/passwords.txt | chpasswd --encrypted
done
getent passwd alice bob | cut -d: -f1,5-
getent shadow alice bob | cut -d: -f1,2 | cut -c1-14
ls /home
`)
	if !ok {
		t.Fatalf("failed:\n%s", out)
	}
	if want := "alice:Alice B.:/home/alice:/bin/bash\nbob::/home/bob:/bin/bash\nalice:!\nbob:$6$salt$hh\nalice\nbob\n"; out != want {
		t.Errorf("\n got %s\nwant %s", out, want)
	}
}
