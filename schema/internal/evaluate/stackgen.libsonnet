// The library of stackgen. It ships inside the program:
//
//   local stack = import 'stackgen.libsonnet';
{
  // cidrHost('10.0.1.0/24', 3) is '10.0.1.3'; cidrHost('10.0.1.0/24', -2) is '10.0.1.254'.
  cidrHost(cidr, n):: std.native('cidrHost')(cidr, n),

  // cidrSubnet('10.0.0.0/16', 8, 1) is '10.0.1.0/24'.
  cidrSubnet(cidr, newbits, n):: std.native('cidrSubnet')(cidr, newbits, n),

  // cidrNetmask('10.0.1.0/24') is '255.255.255.0'.
  cidrNetmask(cidr):: std.native('cidrNetmask')(cidr),

  // cidrContains('10.0.1.0/24', '10.0.1.3') is true.
  cidrContains(cidr, address):: std.native('cidrContains')(cidr, address),

  // A Debian guest with one disk made from an image. Its release is the one that the
  // image is named after, debian-13 or debian-13-web, else debian-12. Add to it what
  // is different:
  //
  //   web01: stack.guest('vmm', 'debian-13') { vcpus: 4, interfaces: … }
  guest(host, image, os=if std.startsWith(image, 'debian-13') then 'debian-13' else 'debian-12', size='10GiB'):: {
    host: host,
    os: os,
    vcpus: 1,
    memory: '1GiB',
    disks: { vda: { size: size, image: image } },
  },

  // Services for the services of a VM, in the words that anybody has. Add to them what
  // is different:
  //
  //   services: { exporter: stack.nodeExporter('10.0.1.3') { memory: '64MiB' } }

  // Prometheus' node exporter on one address; collectors are all that it reads.
  nodeExporter(address, port=9100, collectors=['cpu', 'diskstats', 'filesystem', 'loadavg', 'meminfo', 'netdev', 'systemd']):: {
    description: 'metrics of the machine',
    unit: 'prometheus-node-exporter.service',
    packages: ['prometheus-node-exporter'],
    files: {
      '/etc/default/prometheus-node-exporter': {
        content: 'ARGS="--web.listen-address=%s:%d --collector.disable-defaults %s"\n' %
                 [address, port, std.join(' ', ['--collector.' + c for c in collectors])],
      },
    },
    listens: [{ port: port, address: address }],
  },

  // HAProxy with a whole configuration, of which a warning is an error if it has
  // zero-warning; ports are those that its frontends bind.
  haproxy(config, ports=[80]):: {
    description: 'load balancer',
    unit: 'haproxy.service',
    packages: ['haproxy'],
    files: { '/etc/haproxy/haproxy.cfg': { content: config, onChange: 'reload' } },
    check: ['/usr/sbin/haproxy', '-c', '-q', '-f', '/etc/haproxy/haproxy.cfg'],
    listens: [{ port: port } for port in ports],
  },

  // Valkey, or Redis where there is no Valkey yet, in memory only. It asks for no
  // password, and so is for programs of its own machine.
  valkey(os='debian-13', memory='64mb', port=6379)::
    local name = if os == 'debian-12' then 'redis' else 'valkey';
    {
      description: 'cache in memory',
      unit: name + '-server.service',
      packages: [name + '-server'],
      files: {
        ['/etc/%s/%s.conf' % [name, name]]: {
          content: std.join('\n', [
            'bind 127.0.0.1',
            'port %d' % port,
            'protected-mode yes',
            'maxmemory ' + memory,
            'maxmemory-policy allkeys-lru',
            'save ""',
            'dir /var/lib/' + name,
            'pidfile /run/%s/%s-server.pid' % [name, name],
            'logfile ""',
            'daemonize no',
          ]) + '\n',
          owner: name,
          group: name,
          mode: '0640',
        },
      },
      listens: [{ port: port, address: '127.0.0.1' }],
    },

  // n guests named prefix01, prefix02, …; make(i) gives the i-th, counted from 1.
  fleet(prefix, n, make):: {
    [prefix + (if i < 10 then '0' else '') + i]: make(i)
    for i in std.range(1, n)
  },
}
