import { createHash, timingSafeEqual } from 'node:crypto';

// Secrets are long and random, as Atlas issues them, so that a plain hash cannot be searched.
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** What is stored of a secret. */
export function hashSecret(secret: string): string {
  return digest(secret).toString('hex');
}

/** Whether it is the hashed secret; takes equally long whatever it is, also when there is no such client (null). */
export function isSecret(secret: string, hash: string | null): boolean {
  const given = digest(secret);
  const isEqual = timingSafeEqual(
    given,
    hash === null ? Buffer.alloc(given.length) : Buffer.from(hash, 'hex'),
  );
  return hash !== null && isEqual;
}
