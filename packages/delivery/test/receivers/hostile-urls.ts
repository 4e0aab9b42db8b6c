/** Notations of forbidden addresses. Every entry is refused, by URL or by its addresses. */

const ipv4: readonly string[] = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.1',
  '127.1.2.3', '127.255.255.255', '169.254.0.1', '169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255',
  '168.63.129.16', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1',
  '192.168.0.1', '192.168.255.255', '192.175.48.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1',
  '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
] // prettier-ignore

const ipv6: readonly string[] = [
  '::', '::1', '::2', '::ffff', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8',
  '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '100:0:0:1::1', '1::1',
  '1fff::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:10::1', '2001:20::1', '2001:30::1',
  '2001:1ff::1', '2001:db8::1', '2001:db8:ffff::1', '2002::1', '2002:7f00:1::1', '2002:a9fe:a9fe::1', '2620:4f:8000::1',
  '3fff::1', '3fff:fff:ffff::1', '4000::1', '5f00::1', '8000::1', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fd20:ce::254',
  'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'feff::1', 'ff00::1', 'ff02::1', 'ff0e::1',
] // prettier-ignore

/** Other spellings of 127.0.0.1, 169.254.169.254 and 10.0.0.1 that `new URL` understands. */
const spellings: readonly string[] = [
  '2130706433', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1', '017700000001', '0177.0.0.1', '0177.1', '127.1', '127.0.1',
  '127.0.0.1.', '127.0.0.1..', '127.0.0.0x1', '127.00000000000.0.1', '0x7F000001', '0X7f.0X1',
  '%31%32%37.0.0.1', '127%2e0%2e0%2e1',
  '①②⑦.⓪.⓪.①', '127。0。0。1', '１２７.０.０.１', '127．0．0．1', '127｡0｡0｡1',
  '2852039166', '0xa9fea9fe', '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376', '169.254.43518', '169.16689638', '169.0xfe.0251.254',
  '⑯⑨.②⑤④.①⑥⑨.②⑤④'.replace('⑯', '①⑥'),
  '167772161', '0xa000001', '012.1', '10.1', '10.0.1', '0', '0x0', '00000000000', '0.0', '127.0.0.1%2f',
].filter((host) => URL.canParse(`http://${host}/`)) // prettier-ignore

const names: readonly string[] = [
  'localhost', 'LOCALHOST', 'localhost.', 'localhost..', 'LocalHost.', 'api.localhost',
  'ⓛocalhost', 'loc%61lhost', 'ｌｏｃａｌｈｏｓｔ',
  'printer.local', 'db.internal', 'metadata.google.internal', 'METADATA.google.internal', 'metadata.google.internal.',
  'printer.local..',
  'router.lan', 'wiki.intranet', 'nas.home.arpa', 'hidden.onion', 'postgres', 'redis', 'metadata', 'kubernetes',
  'instance-data', 'x.test', 'x.invalid', 'x.example', 'kubernetes.default.svc.cluster.local', 'svc.local.',
] // prettier-ignore

const ports: readonly number[] = [
  1, 21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 993, 2049, 2375, 3306, 5432, 6379, 6667, 9200, 11211, 27017,
]

export const hostileUrls: readonly string[] = [
  ...ipv4.flatMap((host) => [`http://${host}/`, `https://${host}/x`, `http://${host}:8080/`]),
  ...ipv6.flatMap((host) => [`http://[${host}]/`, `https://[${host}]:8443/`]),
  ...spellings.map((host) => `http://${host}/`),
  ...names.flatMap((host) => [`http://${host}/`, `https://${host}:8443/`]),
  ...ports.map((port) => `http://hooks.example.com:${port}/`),
]

/** DNS results of a harmless-looking name; each contains at least one forbidden address. */
export const hostileDnsAnswers: readonly (readonly string[])[] = [
  ...ipv4.map((address) => [address]),
  ...ipv6.map((address) => [address]),
  ...ipv4.slice(0, 12).map((address) => ['93.184.215.14', address]),
  ...ipv6.slice(0, 12).map((address) => [address, '2606:2800:21f:cb07:6820:80da:af6b:8b2c']),
  ['127.0.0.1', '93.184.215.14'],
  ['not-an-address'],
  ['0x7f.1'],
  ['127.1'],
  ['010.0.0.1'],
  ['127.0.0.01'],
  ['::ffff:012.0.0.1'],
  ['fe80::1%eth0'],
  [''],
]
