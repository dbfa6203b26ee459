// One hypervisor, one web server. Change the addresses to yours, then:
//
//   stackgen render      writes out/; commit it and review it like code
//   stackgen schema      prints everything that may stand here, with explanations
local stack = import 'stackgen.libsonnet';

local lan = '10.0.1.0/24';

{
  apiVersion: 'stackgen/v1',
  name: 'lab',  // UUIDs and MAC addresses follow from it
  domain: 'lab.example.net',

  // A network is a subnet on a bridge, optionally on one VLAN of it.
  networks: {
    lan: { bridge: 'br0', subnet: lan, gateway: stack.cidrHost(lan, 1), nameServers: ['9.9.9.9'] },
  },

  // The hypervisor. Its uplink becomes a port of the bridge, and its address the bridge's.
  hosts: {
    vmm: {
      os: 'debian-13',
      bridges: { br0: { ports: ['eth0'], network: 'lan', address: stack.cidrHost(lan, 2) } },
    },
  },

  // The first apply makes this image of Debian's packages; every disk starts as a copy
  // of it. To fetch one instead: source: { url: 'https://…', sha512: '…' }.
  images: {
    'debian-13': {
      path: '/var/lib/libvirt/images/debian-13.qcow2',
      format: 'qcow2',
      build: { os: 'debian-13', size: '2GiB' },
    },
  },

  vms: {
    web01: stack.guest('vmm', 'debian-13') {
      vcpus: 2,
      memory: '2GiB',
      interfaces: { eth0: { network: 'lan', address: stack.cidrHost(lan, 10) } },
      nginx: { sites: { app: { serverName: 'app.lab.example.net', root: '/srv/www' } } },
      files: { '/srv/www/index.html': { content: 'Hello World!\n' } },
    },
  },
}
