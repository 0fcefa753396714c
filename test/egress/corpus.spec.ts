import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playEgress, type EgressOutcome } from '../support/egress-host.js';
import { isGlobalUnicast, REGISTRY_ROWS, registryRowOf } from '../support/special-registry.js';

interface CorpusUrl {
  readonly url: string;
  readonly verdict: 'blocked' | 'attempted';
  /** Where it leads. */
  readonly address?: string;
  /** The row of a registry that holds the address. */
  readonly row?: string;
  /** What the name in it resolves to. */
  readonly dns?: readonly string[];
  readonly reason: string;
}

const FILE = fileURLToPath(new URL('../fixtures/egress-urls.json', import.meta.url));
const { urls } = JSON.parse(readFileSync(FILE, 'utf8')) as { urls: readonly CorpusUrl[] };

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');
const isIPv4Inside = (address: string): boolean => /^(::ffff:|64:ff9b::)/.test(address);

describe('the corpus of URLs', () => {
  it('is large, and has blocked and public ones in number', () => {
    expect(urls.length).toBeGreaterThanOrEqual(150);
    expect(urls.filter(({ verdict }) => verdict === 'attempted').length).toBeGreaterThanOrEqual(50);
    expect(new Set(urls.map(({ url }) => url)).size).toBe(urls.length);
  });

  it('names for every address the row of the registry that holds it, and none for public ones', () => {
    for (const { url, address, row, verdict } of urls) {
      if (address === undefined || isIPv4Inside(address)) continue;
      expect([url, registryRowOf(address)?.block]).toEqual([url, row]);
      const isPublic = verdict === 'attempted' && address.includes(':');
      if (isPublic) expect([url, isGlobalUnicast(address)]).toEqual([url, true]);
    }
  });

  it('has an address of every row', () => {
    const inside = ['::ffff:0:0/96', '64:ff9b::/96'];
    const used = new Set([...urls.map(({ row }) => row), ...inside]);
    expect(REGISTRY_ROWS.filter(({ block }) => !used.has(block))).toEqual([]);
    for (const prefix of ['[::ffff:', '[64:ff9b::']) {
      expect(urls.filter(({ url }) => url.toLowerCase().includes(prefix)).length).toBeGreaterThan(4);
    }
  });
});

describe('the egress guard on the corpus', () => {
  const outcomes = new Map<string, EgressOutcome>();

  beforeAll(async () => {
    const dns = Object.fromEntries(urls.flatMap(({ url, dns }) => (dns ? [[hostOf(url), [dns]]] : [])));
    const played = await playEgress({ steps: urls.map(({ url }) => ({ url })), dns });
    for (const outcome of played) outcomes.set(outcome.url, outcome);
  });

  const played = (verdict: CorpusUrl['verdict']): (readonly [CorpusUrl, EgressOutcome])[] =>
    urls.filter((each) => each.verdict === verdict).map((each) => [each, outcomes.get(each.url)!]);

  it('lets none of them begin a connection to what is not public', () => {
    const reached = played('blocked').filter(([, { connects }]) => connects.length > 0);
    expect(reached.map(([{ url }, { connects }]) => [url, connects])).toEqual([]);
  });

  it('attempts every public one, at its own address and nowhere else', () => {
    const astray = played('attempted').filter(([{ url, address = '' }, { connects }]) => {
      const { protocol, port } = new URL(url);
      const host = address.includes(':') ? `[${address}]` : address;
      return connects.join() !== `${host}:${port || (protocol === 'https:' ? 443 : 80)}`;
    });
    expect(
      astray.map(([{ url, address }, { connects, detail }]) => [url, address, connects, detail]),
    ).toEqual([]);
  });

  it('says why to operators', () => {
    for (const [{ url }, { error, detail }] of played('blocked')) {
      expect([url, ['TARGET_BLOCKED', 'REQUEST_INVALID', 'DNS_ERROR'].includes(error!)]).toEqual([url, true]);
      expect(detail).not.toBe('');
    }
  });

  it('refuses to save what is wrong by its form, and asks nobody for its address', () => {
    const byForm = played('blocked').filter(
      ([{ url, reason }]) => !/resol|addresses/.test(reason) && url !== '',
    );
    const accepted = byForm.filter(([, { saved, lookups }]) => saved === null || lookups.length > 0);
    expect(accepted.map(([{ url }, { saved, lookups }]) => [url, saved, lookups])).toEqual([]);
    expect(byForm.length).toBeGreaterThan(200);
  });

  it('lets everything be saved that only its name server could tell', () => {
    const byName = [
      ...played('attempted'),
      ...played('blocked').filter(([{ reason }]) => /resolves to/.test(reason)),
    ];
    expect(
      byName.filter(([, { saved }]) => saved !== null).map(([{ url }, { saved }]) => [url, saved]),
    ).toEqual([]);
  });
});
