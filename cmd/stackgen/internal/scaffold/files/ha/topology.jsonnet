// A shop: two web servers behind a cache, the database on a network of its own.
// All networks are VLANs of one bridge with a bonded uplink.
local stack = import 'stackgen.libsonnet';

local webs = 2;
local bridge = 'br0';

local guest = stack.guest('hv01', 'debian-13', size='20GiB') {
  memory: '2GiB',
  vcpus: 2,
  disks+: { vda+: { clone: 'overlay' } },
  provision: 'cloud-init',  // which is on Debian's generic image
};

// The web servers reach the database through the router, which lets nobody else.
local web(i) = guest {
  interfaces: {
    eth0: { network: 'web', address: stack.cidrHost('10.20.30.0/24', 20 + i) },
  },
  nginx: {
    sites: {
      shop: { serverName: 'shop.example.net', aliases: ['www.shop.example.net'], root: '/srv/shop', index: ['index.php', 'index.html'], php: true, clientMaxBodySize: '8MiB' },
    },
  },
  php: {
    extensions: ['mysql'],
    maxChildren: 12,
    env: { DB_HOST: { vm: 'db01' }, DB_NAME: 'shop', DB_USER: 'shop', DB_PASSWORD: { secret: 'shop/db' } },
  },
  files: { '/srv/shop/index.php': { content: importstr 'index.php', owner: 'www-data', group: 'www-data', mode: '0640' } },
};

{
  apiVersion: 'stackgen/v1',
  name: 'shop',
  description: 'the web shop',
  domain: 'shop.example.net',

  networks: {
    management: { bridge: bridge, vlan: 10, subnet: '192.0.2.0/26', gateway: '192.0.2.1' },
    public: { bridge: bridge, vlan: 20, subnet: '198.51.100.0/28', gateway: '198.51.100.1' },
    web: { bridge: bridge, vlan: 30, subnet: '10.20.30.0/24', gateway: '10.20.30.1', nameServers: ['9.9.9.9', '149.112.112.112'] },
    database: { bridge: bridge, vlan: 40, subnet: '10.20.40.0/28', gateway: '10.20.40.1', nameServers: ['9.9.9.9'] },
  },

  hosts: {
    hv01: {
      os: 'debian-13',
      capacity: { cpus: 24, memory: '64GiB' },
      bridges: {
        [bridge]: {
          description: 'all networks, tagged',
          bonds: { bond0: { interfaces: ['enp1s0f0', 'enp1s0f1'], mode: 'balance-tcp', lacp: 'active' } },
          network: 'management',
          address: '192.0.2.10',
        },
      },
      pools: { default: { path: '/srv/images' } },
      packages: ['lldpd'],
    },
  },

  images: {
    'debian-13': { path: '/srv/images/debian-13-generic-amd64.qcow2', format: 'qcow2' },
    vyos: { path: '/srv/images/vyos-1.4.iso', format: 'iso' },
  },

  vms: {
    router: {
      host: 'hv01',
      vcpus: 2,
      memory: '2GiB',
      disks: { vda: { size: '8GiB' } },
      install: { cdrom: 'vyos' },
      graphics: { type: 'spice' },
      interfaces: {
        eth0: { network: 'public', address: '198.51.100.2' },
        eth1: { network: 'web', address: '10.20.30.1' },
        eth2: { network: 'database', address: '10.20.40.1' },
      },
      router: {
        platform: 'vyos',
        version: '1.4',
        nameServers: ['9.9.9.9'],
        staticRoutes: { '203.0.113.0/24': { nextHop: '198.51.100.14' } },
        nat: {
          source: {
            '10': { source: 'web', outboundInterface: 'eth0', translation: 'masquerade' },
            '20': { source: 'database', outboundInterface: 'eth0', translation: '198.51.100.2' },
          },
          destination: {
            '10': { inboundInterface: 'eth0', protocol: 'tcp', port: 80, translation: { vm: 'cache', port: 80 } },
          },
        },
        firewall: {
          statePolicy: { established: 'accept', related: 'accept', invalid: 'drop' },
          rulesets: {
            'wan-in': {
              defaultAction: 'drop',
              defaultLog: true,
              attach: [{ interface: 'eth0', direction: 'in' }],
              rules: { '10': { action: 'accept', protocol: 'tcp', destination: { vm: 'cache', port: 80 } } },
            },
            'wan-local': {
              defaultAction: 'drop',
              attach: [{ interface: 'eth0', direction: 'local' }],
              rules: { '10': { action: 'accept', protocol: 'tcp', source: { address: '203.0.113.0/24' }, destination: { port: 22 } } },
            },
            'database-out': {
              description: 'the web servers ask the database',
              attach: [{ interface: 'eth2', direction: 'out' }],
              rules: { '10': { action: 'accept', protocol: 'tcp', source: { network: 'web' }, destination: { vm: 'db01', port: 3306 } } },
            },
            'database-in': {
              description: 'the database fetches updates and nothing else',
              defaultAction: 'reject',
              attach: [{ interface: 'eth2', direction: 'in' }],
              rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '80,443' } }, '20': { action: 'accept', protocol: 'tcp_udp', destination: { port: 53 } } },
            },
          },
        },
      },
    },

    cache: guest {
      interfaces: { eth0: { network: 'web', address: '10.20.30.10' } },
      varnish: {
        listen: 80,
        storage: '512MiB',
        director: 'round_robin',
        backends: {
          ['web0' + i]: { vm: 'web0' + i, port: 80, hostHeader: 'shop.example.net', maxConnections: 200, firstByteTimeout: '30s', probe: { url: '/', interval: '5s', timeout: '2s', window: 8, threshold: 3 } }
          for i in std.range(1, webs)
        },
      },
    },

    db01: guest {
      memory: '8GiB',
      disks+: { vdb: { size: '100GiB' } },
      interfaces: { eth0: { network: 'database', address: '10.20.40.14' } },
      mariadb: {
        characterSet: 'utf8mb4',
        databases: {
          shop: {
            tables: {
              articles: {
                columns: { id: 'INT UNSIGNED NOT NULL', name: 'VARCHAR(80) NOT NULL', price: 'DECIMAL(10,2)' },
                primaryKey: ['id'],
                rows: [{ id: 1, name: "a baker's dozen", price: 12.5 }, { id: 2, name: 'nothing', price: null }],
              },
            },
          },
        },
        users: {
          shop: {
            hosts: ['web0' + i for i in std.range(1, webs)],
            password: { secret: 'shop/db' },
            grants: [{ privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], on: 'shop.*' }],
          },
        },
      },
    },
  } + stack.fleet('web', webs, web),
}
