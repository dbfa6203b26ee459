// What is expected of the stack; stackgen test tries it without any machine.
//
//   stackgen schema --test      prints everything that may stand here
local topology = import '../topology.jsonnet';

{
  apiVersion: 'stackgen/v1',
  topology: topology,
  tests: {
    'the page is served, with its database': {
      reachable: [{ from: 'internet', protocol: 'tcp', to: '46.4.71.77:80', host: 'app.nullzero.me' }],
    },
    'nobody outside reaches the database': {
      unreachable: [
        { from: 'internet', protocol: 'tcp', to: '46.4.71.77:3306', why: 'firewall' },
        { from: 'internet', protocol: 'tcp', to: 'db01:3306', why: 'route' },
      ],
    },
    'VPN clients reach the machines': {
      reachable: [{ from: 'remoteur', protocol: 'tcp', to: name + ':22' } for name in ['lb01', 'web01', 'db01']],
    },
    'only the web server may use the database': {
      topology: topology { vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['lb01'] } } } } } },
      findings: [{ rule: 'database/host' }],
    },
  },
}
