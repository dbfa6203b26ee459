// What is expected of the stack; stackgen test tries it without any machine.
//
//   stackgen schema --test      prints everything that may stand here
local topology = import '../topology.jsonnet';

{
  apiVersion: 'stackgen/v1',
  topology: topology,
  tests: {
    'the shop is served': {
      reachable: [{ from: 'internet', protocol: 'tcp', to: '198.51.100.2:80', host: 'shop.example.net' }],
    },
    'the web servers reach the database': {
      reachable: [{ from: name, protocol: 'tcp', to: 'db01:3306' } for name in ['web01', 'web02']],
    },
    'nobody outside does': {
      unreachable: [{ from: 'internet', protocol: 'tcp', to: '198.51.100.2:3306', why: 'firewall' }],
    },
    'the cache asks both web servers': {
      artifacts: { 'cache/etc/varnish/default.vcl': { contains: ['backend web01 {', 'backend web02 {'] } },
    },
  },
}
