// N web servers on N/50 hosts, each with a network of its own. The two lines
// before this one say how many, and how text is put together.
local stack = import 'stackgen.libsonnet';
local perHost = 50;
local hosts = std.range(0, std.ceil(n / perHost) - 1);

local guest = {
  os: 'debian-12',
  memory: '1GiB',
  vcpus: 1,
  disks: { vda: { size: '10GiB', image: 'debian-12' } },
};

local web(i) = {
  local h = std.floor(i / perHost),
  host: text.host(h),
  uuid: text.uuid(i),
  interfaces: { eth0: { network: text.network(h), address: text.address(h, 10 + i % perHost), mac: text.mac(i) } },
  nginx: { sites: { app: { serverName: text.site(i), root: '/srv/www', index: ['index.php'], php: true } } },
  php: { env: { APP_NAME: text.name(i), APP_HOST: text.host(h) } },
  files: { '/srv/www/index.php': { content: text.page(i) } },
};

{
  apiVersion: 'stackgen/v1',
  name: 'fleet',
  domain: 'example.net',
  networks: { [text.network(h)]: { bridge: 'sw-lan', subnet: text.subnet(h), gateway: text.address(h, 1) } for h in hosts },
  hosts: {
    [text.host(h)]: { capacity: { cpus: perHost, memory: '64GiB' }, bridges: { 'sw-lan': { ports: ['eth1'] } } }
    for h in hosts
  },
  images: { 'debian-12': { path: '/var/lib/libvirt/images/debian-12.qcow2', format: 'qcow2' } },
  vms: { [text.name(i)]: guest + web(i) for i in std.range(0, n - 1) },
}
