import type { LedgerEntries, Receipt, Verdict } from './ledger.js';
import { Ledger } from './ledger.js';

const CLEAN: Verdict = { lost: [], phantoms: [], duplicates: [] };

function request(orderId: string, succeeded = true, path = '/'): Receipt {
  return { webhookId: `evt_${orderId}`, orderId, succeeded, path };
}

function verdictOn(entries: Partial<LedgerEntries>): Verdict {
  return new Ledger({ acknowledged: [], received: [], ...entries }).verdict();
}

describe('the ledger', () => {
  it('finds nothing where every order has come once', () => {
    expect(verdictOn({ acknowledged: ['A', 'B'], received: [request('B'), request('A')] })).toEqual(CLEAN);
  });

  it('finds nothing in failed attempts before the success', () => {
    const received = [request('A', false), request('A', false), request('A')];
    expect(verdictOn({ acknowledged: ['A'], received })).toEqual(CLEAN);
  });

  it('calls lost what is acknowledged and never came, sorted and once', () => {
    expect(verdictOn({ acknowledged: ['C', 'B', 'B', 'A'], received: [request('A')] })).toEqual({
      ...CLEAN,
      lost: ['B', 'C'],
    });
  });

  it('calls lost what came and was never answered by a success', () => {
    expect(verdictOn({ acknowledged: ['A'], received: [request('A', false)] })).toEqual({
      ...CLEAN,
      lost: ['A'],
    });
  });

  it('calls a phantom what was rolled back and came, though it was refused', () => {
    const received = [request('A'), request('C', false), request('B'), request('B')];
    const { phantoms } = verdictOn({ acknowledged: ['A'], rolledBack: ['B', 'C', 'D'], received });
    expect(phantoms).toEqual(['B', 'C']);
  });

  it('counts every request after the first success of its message', () => {
    const received = [request('B'), request('A', false), request('A'), request('A'), request('B', false)];
    const { duplicates } = verdictOn({ acknowledged: ['A', 'B'], received: [...received, request('A')] });
    expect(duplicates).toEqual(['evt_A', 'evt_A', 'evt_B']);
  });

  it('expects a message once at each path', () => {
    const received = [request('A', true, '/1'), request('A', true, '/2'), request('A', true, '/2')];
    expect(verdictOn({ acknowledged: ['A'], received })).toEqual({ ...CLEAN, duplicates: ['evt_A'] });
  });
});
