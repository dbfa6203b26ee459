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

  // n guests named prefix01, prefix02, …; make(i) gives the i-th, counted from 1.
  fleet(prefix, n, make):: {
    [prefix + (if i < 10 then '0' else '') + i]: make(i)
    for i in std.range(1, n)
  },
}
