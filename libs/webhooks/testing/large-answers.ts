import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

const CHUNK = Buffer.alloc(16_384, 'x');
const MEGABYTE = 1_000_000;
const HEADER_BYTES = 1_024;

/** Writes so many bytes as fast as they are read; Infinity: for ever, and without announcing a length. */
export function pour(response: ServerResponse, status: number, bytes: number): void {
  const length = Number.isFinite(bytes) ? { 'content-length': bytes } : {};
  response.writeHead(status, { 'content-type': 'text/plain', ...length });
  let left = bytes;
  const more = (): void => {
    let flows = true;
    while (flows && left > 0 && !response.destroyed) {
      flows = response.write(CHUNK.subarray(0, Math.min(left, CHUNK.length)));
      left -= CHUNK.length;
    }
    if (left <= 0) response.end();
  };
  response.on('drain', more);
  more();
}

/** Sends a compressed body. */
export function send(response: ServerResponse, status: number, body: Buffer): void {
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip', 'content-length': body.length };
  response.writeHead(status, headers).end(body);
}

/** A body that unpacks to so many bytes. A gzip file may have several members: they unpack to one after the other. */
export function gzipOf(bytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(Math.min(bytes, MEGABYTE), 'x'));
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / MEGABYTE) }, () => member));
}

/** Headers that make up so many bytes together. */
export function headersOfSize(bytes: number): Record<string, string> {
  const count = Math.max(1, Math.round(bytes / HEADER_BYTES));
  const names = Array.from({ length: count }, (_, n) => `x-filler-${n}`);
  return Object.fromEntries(names.map((name) => [name, 'y'.repeat(HEADER_BYTES - name.length - 4)]));
}
