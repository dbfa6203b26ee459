// Package systemtest has the tests that bring a rendered tree up on real
// software: Debian machines with their own systemd, Open vSwitch, libvirt,
// ifupdown, nginx, php-fpm, Varnish and MariaDB, in private namespaces of this
// machine.
//
// A machine is a container, or a virtual machine that the rendered steps make on
// one. Nothing of this machine is written and none of its network is visible to
// the tests: containers have a copy-on-write view of the root file system and
// network namespaces of their own, and are gone with the process of the test.
package systemtest
