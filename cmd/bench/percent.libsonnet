{
  name(i): 'web%05d' % i,
  host(h): 'vmm%03d' % h,
  network(h): 'lan%03d' % h,
  subnet(h): '10.%d.%d.0/24' % [std.floor(h / 256), h % 256],
  address(h, k): '10.%d.%d.%d' % [std.floor(h / 256), h % 256, k],
  mac(i): '52:54:00:%02x:%02x:%02x' % [std.floor(i / 65536), std.floor(i / 256) % 256, i % 256],
  uuid(i): '00000000-0000-4000-8000-%012d' % i,
  site(i): '%s.example.net' % $.name(i),
  page(i): '<?php echo "%s";\n' % $.name(i),
}
