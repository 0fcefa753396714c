import { OptionsInvalidError } from '../errors/options-invalid-error.js';
import { EgressGuard } from './egress-guard.js';

const allowing = (...allow: string[]): EgressGuard => new EgressGuard({ allow });

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
  '2002:808:808::1',
  '2620:4f:8000::1',
  '2606:4700:4700::1111%eth0',
  '2606:4700::5efe:10.0.0.1',
  '2606:4700::200:5efe:7f00:1',
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
  '2606:4700::5efe:8.8.8.8',
];

describe('EgressGuard', () => {
  const guard = new EgressGuard();

  it.each(NOT_PUBLIC)('refuses the address %p', (address) => {
    expect(guard.checkAddress(address, 'a.example')).toEqual(expect.any(String));
  });

  it.each(PUBLIC)('allows the address %p', (address) => {
    expect(guard.checkAddress(address, 'a.example')).toBeNull();
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
    ['http://127.0.0.1/', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://127.0.0.1./', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://2130706433/', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://0x7f.1/', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://0177.0.0.1/', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://１２７.0.0.1/', '127.0.0.1 is not public: Loopback (RFC 1122)'],
    ['http://[::ffff:10.0.0.1]/', '::ffff:a00:1 is not public: Private-Use (RFC 1918)'],
    ['http://intranet/', '"intranet" is a single-label name'],
    ['http://localhost:3000/', '"localhost" is a single-label name'],
    ['http://LOCALHOST./', '"localhost" is a single-label name'],
    ['http://printer.local/', 'names below ".local" are not public (RFC 6762)'],
    [
      'http://metadata.google.internal/',
      'names below ".internal" are not public (ICANN resolution 2024.07.29.06)',
    ],
    ['http://nas.lan./', 'names below ".lan" are not public (RFC 6762, appendix G)'],
    ['http://app.localhost/', 'names below ".localhost" are not public (RFC 6761)'],
    ['http://router.home.arpa/', 'names below ".home.arpa" are not public (RFC 8375)'],
  ])('judges %s when it is saved', (url, reason) => {
    expect(guard.checkUrl(url)).toBe(reason);
  });

  it('allows addresses of a listed range, in whatever form they come', () => {
    const relaxed = allowing('127.0.0.0/8', '10.1.2.3', 'fd00::/8');
    expect(relaxed.checkUrl('http://127.0.0.9:3000/')).toBeNull();
    expect(relaxed.checkAddress('::ffff:127.0.0.1', 'a.example')).toBeNull();
    expect(relaxed.checkAddress('10.1.2.3', 'a.example')).toBeNull();
    expect(relaxed.checkAddress('10.1.2.4', 'a.example')).not.toBeNull();
    expect(relaxed.checkAddress('fd12::1', 'a.example')).toBeNull();
    expect(relaxed.checkAddress('::1', 'a.example')).not.toBeNull();
  });

  it('allows localhost where loopback is allowed, and only then', () => {
    expect(allowing('127.0.0.0/8').checkUrl('http://localhost/')).toBeNull();
    expect(allowing('::1').checkUrl('http://localhost/')).toBeNull();
    expect(allowing('localhost').checkUrl('http://localhost/')).toBeNull();
    expect(allowing('10.0.0.0/8').checkUrl('http://localhost/')).not.toBeNull();
    expect(allowing('127.0.0.0/8').checkUrl('http://intranet/')).not.toBeNull();
  });

  it('vouches for listed names only', () => {
    const relaxed = allowing('Billing.Internal', 'intranet', 'bücher.internal');
    expect(relaxed.checkUrl('http://billing.internal/')).toBeNull();
    expect(relaxed.checkUrl('http://intranet./')).toBeNull();
    expect(relaxed.checkUrl('http://xn--bcher-kva.internal/')).toBeNull();
    expect(relaxed.checkAddress('10.0.0.1', 'billing.internal')).toBeNull();
    expect(relaxed.checkUrl('http://other.internal/')).not.toBeNull();
    expect(relaxed.checkUrl('http://sub.billing.internal/')).not.toBeNull();
    expect(relaxed.checkAddress('10.0.0.1', 'other.example')).not.toBeNull();
  });

  it('keeps metadata services closed to a range and to a listed name, and opens them to their own address', () => {
    const relaxed = allowing('169.254.0.0/16', 'fd00::/8', 'billing.internal', '168.63.0.0/16');
    expect(relaxed.checkUrl('http://169.254.1.1/')).toBeNull();
    expect(relaxed.checkUrl('http://169.254.169.254/')).toContain('metadata service (AWS');
    expect(relaxed.checkUrl('http://[fd00:ec2::254]/')).toContain('metadata service (AWS)');
    expect(relaxed.checkAddress('169.254.169.254', 'billing.internal')).toContain('metadata service');
    expect(relaxed.checkAddress('168.63.129.16', 'a.example')).toContain('Azure');
    expect(allowing('169.254.169.254').checkUrl('http://169.254.169.254/')).toBeNull();
    expect(allowing('169.254.169.254/32').checkUrl('http://[::ffff:a9fe:a9fe]/')).toBeNull();
  });

  it('lets deny beat allow, and see through translators', () => {
    const strict = new EgressGuard({
      allow: ['10.0.0.0/8', 'billing.corp.example'],
      deny: ['10.9.0.0/16', 'corp.example', '8.8.0.0/16', '::ffff:9.9.9.0/120', '2a00:1450::/32'],
    });
    expect(strict.checkUrl('http://10.1.0.1/')).toBeNull();
    expect(strict.checkUrl('http://10.9.0.1/')).toBe('10.9.0.1 is not allowed');
    expect(strict.checkUrl('https://billing.corp.example/')).toBe('"billing.corp.example" is not allowed');
    expect(strict.checkUrl('https://CORP.example./')).toBe('"corp.example" is not allowed');
    expect(strict.checkUrl('https://notcorp.example/')).toBeNull();
    for (const address of [
      '8.8.8.8',
      '::ffff:8.8.8.8',
      '64:ff9b::8.8.8.8',
      '2606:4700::5efe:8.8.8.8',
      '9.9.9.9',
    ]) {
      expect(strict.checkAddress(address, 'a.example')).toBe(`${address} is not allowed`);
    }
    expect(strict.checkAddress('2a00:1450::1', 'a.example')).toContain('not allowed');
  });

  it('refuses the ports of other protocols, or all but the listed ones', () => {
    expect(new EgressGuard().checkUrl('https://a.example:8443/')).toBeNull();
    for (const port of [0, 22, 25, 53, 6000, 6667]) {
      expect(new EgressGuard().checkUrl(`https://a.example:${port}/`)).toBe(`port ${port} is not allowed`);
    }
    const narrow = new EgressGuard({ ports: [443, 8443], allow: ['127.0.0.1'] });
    expect(narrow.checkUrl('https://a.example/')).toBeNull();
    expect(narrow.checkUrl('https://a.example:8443/')).toBeNull();
    expect(narrow.checkUrl('http://a.example/')).toBe('port 80 is not allowed');
    expect(narrow.checkUrl('http://127.0.0.1:3000/')).toBe('port 3000 is not allowed');
  });

  it('refuses http where only https is allowed', () => {
    const secure = new EgressGuard({ httpsOnly: true, allow: ['127.0.0.1'] });
    expect(secure.checkUrl('https://a.example/')).toBeNull();
    expect(secure.checkUrl('http://a.example/')).toBe('only https is allowed');
    expect(secure.checkUrl('http://127.0.0.1/')).toBe('only https is allowed');
  });

  it('refuses a connection that leads back to this machine, unless the host lists its address', () => {
    const own = { local: '1.1.1.1', remote: '1.1.1.1' };
    expect(new EgressGuard().checkConnection(own, 'a.example')).toBe('1.1.1.1 is an address of this machine');
    expect(allowing('1.1.1.1').checkConnection(own, 'a.example')).toBeNull();
    expect(new EgressGuard().checkConnection({ ...own, local: '1.1.1.2' }, 'a.example')).toBeNull();
  });

  it('judges by its new rules once they are replaced, and keeps the old ones when the new ones cannot work', () => {
    const replaced = new EgressGuard();
    let told = 0;
    replaced.onReplaced(() => told++);
    replaced.replace({ allow: ['10.0.0.1'] });
    expect(() => replaced.replace({ allow: ['10.0.0.1:80'] })).toThrow(OptionsInvalidError);
    expect(replaced.checkUrl('http://10.0.0.1/')).toBeNull();
    expect(told).toBe(1);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0',
    '10.0.0/8',
    '010.0.0.0/8',
    'fe80::1%eth0',
    'http://example.com',
    'localhost:3000',
    '*',
  ])('refuses to start with %p in a list, and names its place', (entry) => {
    expect(() => allowing('10.0.0.1', entry)).toThrow(/"egress\.allow\[1\]"/);
    expect(() => new EgressGuard({ deny: [entry] })).toThrow(/"egress\.deny\[0\]"/);
  });

  it.each([[[]], [[0]], [[65_536]], [[1.5]]])('refuses to start with the ports %p', (ports) => {
    expect(() => new EgressGuard({ ports })).toThrow(OptionsInvalidError);
  });
});
