package mariadb

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

// scratch is a MariaDB server of the tests' own: one for all of them, started
// when the first asks for it.
type scratch struct {
	dir  string
	port string
	cmd  *exec.Cmd
}

var started struct {
	sync.Mutex
	server *scratch
}

// here is the dialect of the servers that the tests run.
func here() dialect { return dialectOf("mariadb", releasetest.Here()) }

func TestMain(m *testing.M) {
	code := m.Run()
	if s := started.server; s != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		os.RemoveAll(s.dir)
	}
	os.Exit(code)
}

func scratchServer(t *testing.T) *scratch {
	t.Helper()
	rendertest.Need(t, "mariadbd", "mariadb-install-db", "mariadb", "mariadb-admin", "bash")
	started.Lock()
	defer started.Unlock()
	if started.server == nil {
		started.server = start(t)
	}
	return started.server
}

// start makes a server that listens at a free port of the loopback.
func start(t *testing.T) *scratch {
	t.Helper()
	dir, err := os.MkdirTemp("", "mariadb")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	listener.Close()
	data := filepath.Join(dir, "data")
	// A server that starts removes the temporary tables of all others in its tmpdir.
	tmp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, ok := rendertest.Run(t, "mariadb-install-db", "--no-defaults", "--datadir="+data, "--tmpdir="+tmp,
		"--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"); !ok {
		t.Fatalf("mariadb-install-db: %s", out)
	}
	s := &scratch{dir: dir, port: port}
	s.cmd = exec.Command("mariadbd", "--no-defaults", "--user=root", "--datadir="+data, "--tmpdir="+tmp, "--socket="+dir+"/sock",
		"--pid-file="+dir+"/pid",
		"--bind-address=127.0.0.1", "--port="+port, "--skip-name-resolve", "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0")
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.await(t)
	s.programs(t)
	return s
}

func (s *scratch) await(t *testing.T) {
	t.Helper()
	for range 200 {
		if exec.Command("mariadb-admin", "--no-defaults", "-uroot", "-S", s.dir+"/sock", "ping").Run() == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the scratch server does not answer")
}

// programs makes the clients that steps call connect to the scratch server, and
// systemctl do nothing.
func (s *scratch) programs(t *testing.T) {
	t.Helper()
	bin := filepath.Join(s.dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string]string{
		"mariadb":       `exec /usr/bin/mariadb --no-defaults -uroot -S ` + s.dir + `/sock "$@"`,
		"mariadb-admin": `exec /usr/bin/mariadb-admin --no-defaults -uroot -S ` + s.dir + `/sock "$@"`,
		"systemctl":     `echo "$@" >> ` + s.dir + `/systemctl`,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+line+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// bash runs lines of a step in a directory, on the scratch server.
func (s *scratch) bash(t *testing.T, dir string, lines ...string) (output string, ok bool) {
	t.Helper()
	cmd := exec.Command("bash", "-c", "set -euo pipefail\n"+strings.Join(lines, "\n"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+s.dir+"/bin:"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// query gives what root's question is answered, without the last line break.
func (s *scratch) query(t *testing.T, sql string) string {
	t.Helper()
	cmd := exec.Command("mariadb", "--no-defaults", "-uroot", "-S", s.dir+"/sock", "-BN", "--raw")
	cmd.Stdin = strings.NewReader(sql)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%s", sql, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// login runs SQL as an account that comes over the network.
func (s *scratch) login(user, password, sql string) (output string, ok bool) {
	cmd := exec.Command("mariadb", "--no-defaults", "--protocol=tcp", "-h127.0.0.1", "-P"+s.port, "-u"+user, "-BN")
	cmd.Env = append(os.Environ(), "MYSQL_PWD="+password)
	cmd.Stdin = strings.NewReader(sql)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func address(t *testing.T, s string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
