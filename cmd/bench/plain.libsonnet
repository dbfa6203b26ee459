local pad(s, n) = if std.length(s) < n then pad('0' + s, n) else s;
local hex = '0123456789abcdef';
local byte(b) = hex[std.floor(b / 16)] + hex[b % 16];
{
  name(i): 'web' + pad('' + i, 5),
  host(h): 'vmm' + pad('' + h, 3),
  network(h): 'lan' + pad('' + h, 3),
  subnet(h): '10.' + std.floor(h / 256) + '.' + (h % 256) + '.0/24',
  address(h, k): '10.' + std.floor(h / 256) + '.' + (h % 256) + '.' + k,
  mac(i): '52:54:00:' + byte(std.floor(i / 65536)) + ':' + byte(std.floor(i / 256) % 256) + ':' + byte(i % 256),
  uuid(i): '00000000-0000-4000-8000-' + pad('' + i, 12),
  site(i): $.name(i) + '.example.net',
  page(i): '<?php echo "' + $.name(i) + '";\n',
}
