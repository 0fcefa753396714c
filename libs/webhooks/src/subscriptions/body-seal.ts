import { SecretUndecryptableError } from '../errors/secret-undecryptable-error.js';
import type { KeyRing, SecretPlace } from './key-ring.js';

const MARKER = 'sealed:';
// PostgreSQL can store neither NUL nor a lone surrogate.
const IMPROPER = /\0|\p{Surrogate}/u;

/** A body, and for whom the secrets in it are: null when it holds none. */
type Content = readonly [origin: string | null, body: string];

/** Keeps the frozen bodies of deliveries: as they are, or encrypted when they hold secrets. */
export class BodySeal {
  constructor(private readonly keyRing: KeyRing) {}

  /**
   * Gives the text to store.
   *
   * @param origin for whom the secrets in it are; null: it holds none
   */
  seal(deliveryId: string, body: string, origin: string | null): string {
    if (origin === null && isPlain(body)) return body;
    const content: Content = [origin, body];
    return MARKER + this.keyRing.encrypt(JSON.stringify(content), placeOf(deliveryId));
  }

  /**
   * The same text under the current key; the text itself when nothing is to be done.
   *
   * @throws SecretUndecryptableError
   */
  reseal(deliveryId: string, stored: string): string {
    const sealed = stored.slice(MARKER.length);
    if (!stored.startsWith(MARKER) || this.keyRing.isCurrent(sealed)) return stored;
    const place = placeOf(deliveryId);
    return MARKER + this.keyRing.encrypt(this.keyRing.decrypt(sealed, place), place);
  }

  /**
   * Gives the body again, byte by byte; null when it holds secrets that are not for this origin: whoever changes a
   * subscription's target must not get those of the target before.
   *
   * @throws SecretUndecryptableError
   */
  open(deliveryId: string, stored: string, origin: string): string | null {
    if (!stored.startsWith(MARKER)) return stored;
    const json = this.keyRing.decrypt(stored.slice(MARKER.length), placeOf(deliveryId));
    const [sealedFor, body] = parsed(deliveryId, json);
    return sealedFor === null || sealedFor === origin ? body : null;
  }
}

// Nothing at all means "not rendered yet", the marker means itself, and some characters cannot be stored as they are.
function isPlain(body: string): boolean {
  return body !== '' && !body.startsWith(MARKER) && !IMPROPER.test(body);
}

function placeOf(deliveryId: string): SecretPlace {
  return { table: 'deliveries', row: deliveryId, purpose: 'body' };
}

function parsed(deliveryId: string, json: string): Content {
  try {
    return JSON.parse(json) as Content;
  } catch {
    // No cause: the parser's message quotes the body.
    throw new SecretUndecryptableError(`body of deliveries ${deliveryId}`, 'it was altered.');
  }
}
