// What is expected of the stack; stackgen test tries it without any machine.
//
//   stackgen schema --test      prints everything that may stand here
local topology = import '../topology.jsonnet';

{
  apiVersion: 'stackgen/v1',
  topology: topology,
  tests: {
    'the host reaches the site': {
      reachable: [{ from: 'vmm', protocol: 'tcp', to: 'web01:80', host: 'app.lab.example.net' }],
    },
    'nothing else listens': {
      unreachable: [{ from: 'vmm', protocol: 'tcp', to: 'web01:3306', why: 'listener' }],
    },
    'two machines cannot have one address': {
      topology: topology { vms+: { web01+: { interfaces+: { eth0+: { address: '10.0.1.2' } } } } },
      findings: [{ rule: 'addresses/duplicate', path: '/vms/web01/interfaces/eth0/address' }],
    },
    'the site has its documents': {
      artifacts: {
        'web01/etc/nginx/sites-available/app.conf': { lines: ['root /srv/www;'] },
        'vmm/libvirt/web01.xml': { xml: { '/domain/vcpu': '2' } },
      },
    },
  },
}
