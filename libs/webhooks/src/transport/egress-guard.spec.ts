import { EgressGuard } from './egress-guard.js';

const NOT_PUBLIC = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::8.8.8.8',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:1ff:ffff::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a00:1::',
  '3fff::1',
  '3fff:fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'not-an-address',
  '127.1',
  '0x7f.0.0.1',
  '',
];

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '168.63.129.17',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.1',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:200::1',
  '2606:4700:4700::1111',
  '2a00:1450::1',
  '3ffe::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
];

describe('EgressGuard', () => {
  const guard = new EgressGuard();

  it.each(NOT_PUBLIC)('refuses the address %p', (address) => {
    expect(guard.allowsAddress(address)).toBe(false);
  });

  it.each(PUBLIC)('allows the address %p', (address) => {
    expect(guard.allowsAddress(address)).toBe(true);
  });

  it.each([
    ['https://example.com/hooks', null],
    ['https://example.com.:8443/hooks?a=1', null],
    ['http://8.8.8.8/', null],
    ['http://[2606:4700:4700::1111]/', null],
    ['http://xn--bcher-kva.example/', null],
    ['not a url', 'it is not a valid URL'],
    ['ftp://example.com/', 'the scheme "ftp" is neither http nor https'],
    ['data:text/plain,x', 'the scheme "data" is neither http nor https'],
    ['https://user@example.com/', 'user name and password do not belong in a URL'],
    ['https://:secret@example.com/', 'user name and password do not belong in a URL'],
    ['http://127.0.0.1/', '127.0.0.1 is not public'],
    ['http://127.0.0.1./', '127.0.0.1 is not public'],
    ['http://2130706433/', '127.0.0.1 is not public'],
    ['http://0x7f.1/', '127.0.0.1 is not public'],
    ['http://0177.0.0.1/', '127.0.0.1 is not public'],
    ['http://１２７.0.0.1/', '127.0.0.1 is not public'],
    ['http://[::ffff:10.0.0.1]/', '::ffff:a00:1 is not public'],
    ['http://intranet/', '"intranet" is a single-label name'],
    ['http://localhost:3000/', '"localhost" is a single-label name'],
    ['http://LOCALHOST./', '"localhost" is a single-label name'],
    ['http://printer.local/', 'names below ".local" are not public'],
    ['http://metadata.google.internal/', 'names below ".internal" are not public'],
    ['http://nas.lan./', 'names below ".lan" are not public'],
    ['http://app.localhost/', 'names below ".localhost" are not public'],
    ['http://router.home.arpa/', 'names below ".home.arpa" are not public'],
  ])('judges %s when it is saved', (url, reason) => {
    expect(guard.checkUrl(url)).toBe(reason);
  });

  it('allows addresses of a listed range, in whatever form they come', () => {
    const relaxed = new EgressGuard(['127.0.0.0/8', '10.1.2.3', 'fd00::/8']);
    expect(relaxed.checkUrl('http://127.0.0.9:3000/')).toBeNull();
    expect(relaxed.allowsAddress('::ffff:127.0.0.1')).toBe(true);
    expect(relaxed.allowsAddress('10.1.2.3')).toBe(true);
    expect(relaxed.allowsAddress('10.1.2.4')).toBe(false);
    expect(relaxed.allowsAddress('fd12::1')).toBe(true);
    expect(relaxed.allowsAddress('::1')).toBe(false);
  });

  it('allows localhost where loopback is allowed, and only then', () => {
    expect(new EgressGuard(['127.0.0.0/8']).checkUrl('http://localhost/')).toBeNull();
    expect(new EgressGuard(['::1']).checkUrl('http://localhost/')).toBeNull();
    expect(new EgressGuard(['localhost']).checkUrl('http://localhost/')).toBeNull();
    expect(new EgressGuard(['10.0.0.0/8']).checkUrl('http://localhost/')).not.toBeNull();
    expect(new EgressGuard(['127.0.0.0/8']).checkUrl('http://intranet/')).not.toBeNull();
  });

  it('vouches for listed names only', () => {
    const relaxed = new EgressGuard(['Billing.Internal', 'intranet']);
    expect(relaxed.checkUrl('http://billing.internal/')).toBeNull();
    expect(relaxed.checkUrl('http://intranet./')).toBeNull();
    expect(relaxed.vouchesFor('billing.internal')).toBe(true);
    expect(relaxed.checkUrl('http://other.internal/')).not.toBeNull();
    expect(relaxed.allowsAddress('10.0.0.1')).toBe(false);
  });

  it.each(['', '10.0.0.0/33', '10.0.0', 'http://example.com', 'localhost:3000', '*'])(
    'refuses to start with %p in its list',
    (entry) => {
      expect(() => new EgressGuard([entry])).toThrow(TypeError);
    },
  );
});
