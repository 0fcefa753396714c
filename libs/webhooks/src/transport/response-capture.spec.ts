import { MAX_RESPONSE_BYTES, ResponseCapture, validText } from './response-capture.js';

describe('ResponseCapture', () => {
  it('keeps the first 16 kB and says when it is full', () => {
    const capture = new ResponseCapture();
    expect(capture.add(Buffer.alloc(10_000, 'a'))).toBe(true);
    expect(capture.add(Buffer.alloc(10_000, 'b'))).toBe(false);
    expect(capture.bytes()).toHaveLength(MAX_RESPONSE_BYTES);
    expect(capture.bytes().subarray(-1).toString()).toBe('b');
  });

  it('is empty when nothing came', () => {
    expect(new ResponseCapture().bytes()).toHaveLength(0);
  });
});

describe('validText', () => {
  it.each([
    ['plain text', Buffer.from('Grüße ✈'), 'Grüße ✈'],
    ['NUL', Buffer.from('a\0b'), 'a\uFFFDb'],
    ['an encoded lone surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'a\uFFFD\uFFFD\uFFFD'],
    ['bytes that are not UTF-8', Buffer.from([0x1f, 0x8b, 0x08]), '\u001f\uFFFD\b'],
  ])('stores %s as valid text', (_case, bytes, text) => {
    expect(validText(bytes)).toBe(text);
    expect(Buffer.from(validText(bytes)).toString()).toBe(text);
  });

  it('drops the character that the limit cut in two', () => {
    const text = 'x'.repeat(MAX_RESPONSE_BYTES - 1) + '✈';
    expect(validText(Buffer.from(text).subarray(0, MAX_RESPONSE_BYTES))).toBe(
      'x'.repeat(MAX_RESPONSE_BYTES - 1),
    );
  });
});
