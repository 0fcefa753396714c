import { InterimResponses } from './interim-responses.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

function passed(...chunks: readonly string[]): string {
  const interim = new InterimResponses();
  return chunks.map((chunk) => interim.pass(Buffer.from(chunk, 'latin1')).toString('latin1')).join('');
}

describe('interim responses', () => {
  it.each([
    ['100 before the response', [CONTINUE + OK], OK],
    ['100 of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n', OK], OK],
    ['100 with headers', [`HTTP/1.1 100 Continue\r\nx: y\r\n\r\n${OK}`], OK],
    ['100 without a reason', [`HTTP/1.1 100\r\n\r\n${OK}`], OK],
    ['many of them', [CONTINUE.repeat(3_000) + OK], OK],
    ['100 among others', [HINTS + CONTINUE + HINTS, CONTINUE, OK], HINTS + HINTS + OK],
    ['100 in single bytes', [...(CONTINUE + HINTS + OK)], HINTS + OK],
    ['100 alone', [CONTINUE], ''],
  ])('lose %s', (_what, chunks, rest) => {
    expect(passed(...chunks)).toBe(rest);
  });

  it.each([
    ['a response', OK],
    ['a large response', OK + CONTINUE.repeat(2_000)],
    ['an interim response in the body', OK + CONTINUE],
    ['other interim responses', HINTS + HINTS + OK],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['garbage', 'this is not HTTP at all'],
    ['garbage that begins well', 'HTTP/1.1 1000 Much\r\n\r\n'],
    ['an interim response of endless headers', `HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(20_000)}`],
    ['HTTP/2', 'HTTP/2 100 Continue\r\n\r\n'],
  ])('leave %s alone', (_what, bytes) => {
    expect(passed(bytes)).toBe(bytes);
    expect(passed(...bytes.match(/[^]{1,7}/g)!)).toBe(bytes);
  });

  it('are looked for again with the next request', () => {
    const interim = new InterimResponses();
    const texts = [OK, CONTINUE].map((text) => interim.pass(Buffer.from(text)).toString());
    interim.expect();
    expect([...texts, interim.pass(Buffer.from(CONTINUE + OK)).toString()]).toEqual([OK, CONTINUE, OK]);
  });
});
