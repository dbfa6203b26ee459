// The stack that features of a router are tried on: as little as a router needs.
local stack = import 'stackgen.libsonnet';
{
  apiVersion: 'stackgen/v1',
  name: 'edge',
  domain: 'example.net',
  networks: {
    wan: { bridge: 'br-wan', subnet: '192.0.2.0/24', gateway: '192.0.2.1' },
    lan: { bridge: 'br-lan', subnet: '10.0.1.0/24', gateway: '10.0.1.1' },
  },
  hosts: { vmm: {
    bridges: { 'br-wan': { ports: ['eth0'], network: 'wan', address: '192.0.2.2' }, 'br-lan': {} },
  } },
  images: {
    'debian-12': { path: '/var/lib/libvirt/images/debian-12.qcow2', format: 'qcow2' },
    vyos: { path: '/var/lib/libvirt/images/vyos.iso', format: 'iso' },
  },
  vms: {
    rtr01: {
      host: 'vmm',
      vcpus: 2,
      memory: '2GiB',
      disks: { vda: { size: '10GiB' } },
      install: { cdrom: 'vyos' },
      interfaces: {
        eth0: { network: 'wan', address: '192.0.2.10' },
        eth1: { network: 'lan', address: '10.0.1.1' },
      },
      router: {
        platform: 'vyos',
        nat: { source: { '100': { source: 'lan', outboundInterface: 'eth0' } } },
      },
    },
    web01: stack.guest('vmm', 'debian-12') {
      interfaces: { eth0: { network: 'lan', address: '10.0.1.3' } },
      nginx: { sites: { app: { serverName: 'app.example.net', root: '/srv/www' } } },
    },
  },
}
