// The reference stack: a web application behind a cache, with its database,
// behind a router with NAT, firewall and VPN, on one hypervisor.
local stack = import 'stackgen.libsonnet';

local public = '46.4.71.64/27';
local lan = '10.0.1.0/24';

{
  apiVersion: 'stackgen/v1',
  name: 'nullzero',
  domain: 'nullzero.me',

  networks: {
    public: { bridge: 'sw-net', subnet: public, gateway: stack.cidrHost(public, 1) },
    lan: { bridge: 'sw-lan', subnet: lan, gateway: stack.cidrHost(lan, 1), nameServers: ['9.9.9.9'] },
  },

  hosts: {
    vmm: {
      os: 'debian-13',
      capacity: { cpus: 32, memory: '64GiB' },
      bridges: {
        'sw-net': { ports: ['eth0'], network: 'public', address: '46.4.71.66', broadcast: '46.4.71.95' },
        'sw-lan': {},
      },
      pools: { default: { path: '/var/lib/libvirt/images' } },
    },
  },

  images: {
    'debian-13': { path: '/var/lib/libvirt/images/debian-13.qcow2', format: 'qcow2' },
    vyos: { path: '/var/lib/libvirt/images/vyos-1.4.iso', format: 'iso' },
  },

  vms: {
    local guest = stack.guest('vmm', 'debian-13') { memory: '4GiB', graphics: { type: 'vnc' } },

    rtr01: {
      host: 'vmm',
      vcpus: 4,
      memory: '4GiB',
      disks: { vda: { size: '10GiB' } },
      install: { cdrom: 'vyos' },
      graphics: { type: 'vnc' },
      interfaces: {
        // The provider routes the public address to this MAC address.
        eth0: { network: 'public', address: '46.4.71.77', mac: '00:50:56:00:5e:97' },
        eth1: { network: 'lan', address: stack.cidrHost(lan, 1) },
      },
      router: {
        platform: 'vyos',
        version: '1.4',
        nameServers: ['9.9.9.9'],
        nat: {
          source: {
            '10': { description: 'the internal network to the Internet', source: 'lan', outboundInterface: 'eth0', translation: 'masquerade' },
          },
          destination: {
            '10': { description: 'the web site', inboundInterface: 'eth0', protocol: 'tcp', port: 80, translation: { vm: 'lb01', port: 80 } },
          },
        },
        firewall: {
          allPing: true,
          statePolicy: { established: 'accept', related: 'accept' },
          rulesets: {
            // What is forwarded. Destination NAT comes first, so the rule names lb01.
            'wan-in': {
              defaultAction: 'drop',
              attach: [{ interface: 'eth0', direction: 'in' }],
              rules: {
                '10': { description: 'the web site', action: 'accept', protocol: 'tcp', destination: { vm: 'lb01', port: 80 } },
              },
            },
            // What is for the router itself.
            'wan-local': {
              defaultAction: 'drop',
              attach: [{ interface: 'eth0', direction: 'local' }],
              rules: {
                '10': { description: 'SSH', action: 'accept', protocol: 'tcp', destination: { port: 22 } },
                '20': { description: 'OpenVPN', action: 'accept', protocol: 'udp', destination: { port: 1194 } },
              },
            },
          },
        },
        openvpn: {
          vtun0: {
            mode: 'server',
            subnet: '172.16.17.0/24',
            pushRoutes: ['lan'],
            mssfix: true,
            tunMtu: 1488,
            compression: 'none',
            tls: {
              ca: { secret: 'vpn/ca.crt' },
              cert: { secret: 'vpn/rtr01.crt' },
              key: { secret: 'vpn/rtr01.key' },
              dh: { secret: 'vpn/dh.pem' },
            },
            clients: { remoteur: {} },
          },
        },
      },
    },

    lb01: guest {
      vcpus: 2,
      interfaces: { eth0: { network: 'lan', address: stack.cidrHost(lan, 2) } },
      varnish: { listen: 80, backends: { web01: { vm: 'web01', port: 80, probe: { url: '/' } } } },
    },

    web01: guest {
      vcpus: 4,
      interfaces: { eth0: { network: 'lan', address: stack.cidrHost(lan, 3) } },
      nginx: {
        sites: {
          app: { listen: 80, serverName: 'app.nullzero.me', root: '/srv/www', index: ['index.php'], php: true },
        },
      },
      php: {
        extensions: ['mysql'],
        env: { DB_HOST: { vm: 'db01' }, DB_NAME: 'test', DB_USER: 'user', DB_PASSWORD: { secret: 'db01/user' } },
      },
      files: { '/srv/www/index.php': { content: importstr 'index.php' } },
    },

    db01: guest {
      vcpus: 4,
      interfaces: { eth0: { network: 'lan', address: stack.cidrHost(lan, 4) } },
      mariadb: {
        databases: {
          test: {
            tables: {
              testable: { columns: { hello: 'VARCHAR(20)' }, rows: [{ hello: 'Hello World!' }] },
            },
          },
        },
        users: {
          user: {
            hosts: ['web01'],
            password: { secret: 'db01/user' },
            grants: [{ privileges: ['ALL'], on: 'test.*' }],
          },
        },
      },
    },
  },
}
