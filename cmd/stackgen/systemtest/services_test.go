//go:build linux

package systemtest

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/service"
)

// servesOrders is a topology with one service, a program in Python that reads a file when it
// starts and on SIGHUP, and has a password in two ways.
const servesOrders = `
local program = |||
  import http.server, json, os, signal, sys
  def read():
      return json.load(open("/etc/orders.json"))
  config = read()
  if "--check" in sys.argv:
      sys.exit(0)
  if config.get("dies"):
      sys.exit("it dies")
  def again(*_):
      global config
      config = read()
  signal.signal(signal.SIGHUP, again)
  password = open(os.environ["CREDENTIALS_DIRECTORY"] + "/db").read().rstrip("\n")
  class Page(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
          try:
              open("/etc/written", "w")
              may = "all"
          except OSError:
              may = "nothing"
          same = password == os.environ["DB_PASSWORD"] == os.environ["EXPECTED"] + "$\"\\x"
          text = "level %s, password %s, writes %s, %s, argument %s\n" % (config["level"], same, may, VERSION, sys.argv[1])
          self.send_response(200 if self.path == "/healthz" else 404 if self.path == "/gone" else 200)
          self.end_headers()
          self.wfile.write(text.encode())
      def log_message(self, *_):
          pass
  http.server.HTTPServer(("127.0.0.1", 8080), Page).serve_forever()
|||;
local version = 'first';
local config = { level: 'info' };
local orders = {
  description: 'orders, 100 %',
  exec: ['/usr/bin/python3', '/srv/orders/orders.py', 'costs $5 or "5%"'],
  environment: { DB_PASSWORD: { secret: 'db/orders' }, EXPECTED: 's3cret' },
  credentials: { db: { secret: 'db/orders' } },
  files: {
    '/srv/orders/orders.py': { content: 'VERSION = "%s"\n' % version + program },
    '/etc/orders.json': { content: std.manifestJson(config), mode: '0640', group: 'orders', onChange: 'reload' },
    '/srv/orders/note.txt': { content: 'a note\n', onChange: 'nothing' },
  },
  listens: [{ port: 8080, address: '127.0.0.1' }],
  check: ['/usr/bin/python3', '/srv/orders/orders.py', '--check'],
  reload: ['/bin/kill', '-HUP', '$MAINPID'],
  health: { url: '/healthz' },
};
local clean = {
  exec: ['/usr/bin/touch', '/var/lib/clean/done'],
  timer: { calendar: 'Mon *-*-* 04:00' },
};
{
  apiVersion: 'stackgen/v1', name: 'plain',
  networks: { lan: { bridge: 'br0', subnet: '192.0.2.0/24' } },
  hosts: { vmm: { bridges: { br0: { ports: ['eth0'], network: 'lan', address: '192.0.2.1' } } } },
  images: { base: { path: '/base.qcow2', format: 'qcow2' } },
  vms: { app01: {
    host: 'vmm', os: 'debian-12', memory: '1GiB', disks: { vda: { size: '10GiB', image: 'base' } },
    interfaces: { eth0: { network: 'lan', address: '192.0.2.2' } },
    services: { orders: orders, clean: clean },
  } },
}`

// serves writes a stack of the services of a topology in which texts are replaced.
func (l *lab) serves(replace ...string) {
	l.t.Helper()
	set, err := service.Render(load(l.t, strings.NewReplacer(replace...).Replace(servesOrders)))
	if err != nil {
		l.t.Fatal(err)
	}
	for i := range set.Files {
		set.Files[i].Machine = "vmm"
	}
	for i := range set.Steps {
		set.Steps[i].Machine, set.Steps[i].After = "vmm", nil
	}
	l.writeSteps(set)
}

// withSecret has characters that mean something to systemd.
const withSecret = `STACKGEN_SECRET_DB_ORDERS='s3cret$"\x' ` + apply

const (
	orderPage = "python3 -c 'import urllib.request; print(urllib.request.urlopen(\"http://127.0.0.1:8080/\").read().decode())'"
	orderPID  = "systemctl show --property MainPID --value orders.service"
)

// TestServices has a program of the user's run as a service: it is well, takes up no more
// than it has to, keeps running when new files are wrong, and leaves nothing.
func TestServices(t *testing.T) {
	need(t, "python3", "systemd-sysusers")
	l, m := oneMachine(t)
	l.serves()
	expect(t, m.must(withSecret), "account-orders: account orders … ok\n", "service-orders: service orders, orders, 100 % … ok\n")
	expect(t, m.must(orderPage), `level info, password True, writes nothing, first, argument costs $5 or "5%"`)
	m.must("systemctl is-enabled orders.service clean.timer; systemctl is-active clean.timer; systemctl start clean.service; [ -e /var/lib/clean/done ]")
	m.must("systemctl cat orders.service | grep -v '^#' >/run/orders.service; systemd-analyze security --no-pager --offline=true --threshold=30 /run/orders.service >/dev/null")
	if out := m.must("systemctl show orders.service; journalctl --no-pager; cat /etc/systemd/system/orders.service"); strings.Contains(out, `s3cret$`) {
		t.Error("the password is in what systemd shows or in the journal")
	}
	m.must("! runuser -u nobody -- cat /etc/credstore/orders.db 2>/dev/null && ! runuser -u clean -- cat /etc/stackgen/orders.env /etc/orders.json 2>/dev/null")

	first := m.must(orderPID)
	same := func(after string) {
		t.Helper()
		if now := m.must(orderPID); now != first {
			t.Errorf("after %s another process runs: %s, not %s", after, now, first)
		}
	}
	expect(t, m.must(withSecret), "account-orders: account orders … unchanged\n", "service-orders: service orders, orders, 100 % … unchanged\n")
	same("a second apply")

	l.serves("'a note", "'another note", "{ url: '/healthz' }", "{ url: '/' }")
	m.must(withSecret)
	same("a note and another health check")
	l.serves("level: 'info'", "level: 'debug'")
	m.must(withSecret)
	same("a reload")
	expect(t, m.must(orderPage), "level debug,")

	l.serves("std.manifestJson(config)", "'{ wrong'")
	out, ok := m.run(withSecret)
	if ok {
		t.Errorf("a file that is wrong is a success:\n%s", out)
	}
	expect(t, out, "the ones before are back")
	same("a file that the program refuses")
	expect(t, m.must("cat /etc/orders.json; "+orderPage), "debug", "level debug,")

	l.serves("level: 'info'", "level: 'debug'", "version = 'first'", "version = 'second'")
	m.must(withSecret)
	expect(t, m.must(orderPage), "second")
	if first = m.must(orderPID); first == "0\n" {
		t.Error("it does not run")
	}

	l.serves("{ level: 'info' }", "{ level: 'info', dies: true }", "version = 'first'", "version = 'third'")
	if out, ok = m.run(withSecret); ok {
		t.Errorf("a program that ends at once is a success:\n%s", out)
	}
	expect(t, out, "the ones before are back")
	expect(t, m.must(orderPage), "level debug,", "second")

	l.serves("{ url: '/healthz' }", "{ url: '/gone' }", "version = 'first'", "version = 'fourth'")
	if out, ok = m.run(withSecret); ok {
		t.Errorf("a program that is not well is a success:\n%s", out)
	}
	expect(t, out, "answers 404 to /gone")
	expect(t, m.must(orderPage), "second")

	l.serves("level: 'info'", "level: 'debug'", "version = 'first'", "version = 'second'")
	m.must(withSecret)
	m.must("systemctl kill --signal KILL orders.service; sleep 4; systemctl is-active orders.service")

	l.writeSteps(artifact.Set{Steps: []artifact.Step{{Machine: "vmm", Name: "other", Phase: artifact.Web, Summary: "another step"}}})
	expect(t, m.must(withSecret), "no longer in the stack: unit orders.service\n")
	m.must("systemctl is-active orders.service")
	expect(t, m.must(withSecret+" --prune"), "removed: unit ", "removed: /etc/")
	m.must(`! systemctl cat orders.service 2>/dev/null; ! systemctl is-active orders.service clean.timer
! ls /etc/systemd/system/orders.service /etc/systemd/system/clean.timer /etc/credstore/orders.db /etc/stackgen/orders.env 2>/dev/null; ! id orders 2>/dev/null`)
}
