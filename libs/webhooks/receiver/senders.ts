import type { VerificationKeys } from '../src/signing/verification-keys.js';
import { verificationKeys } from '../src/signing/verification-keys.js';
import { ReceiverOptionsError } from './errors/receiver-options-error.js';
import type { WebhookRequest } from './webhook-request.js';

/** One of several senders, as the host knows it. */
export interface WebhookSender {
  /** Keeps the replay memories of senders apart: two of them may use the same `webhook-id`. Up to 200 characters. */
  readonly name: string;
  /** Secrets that it may sign with, `whsec_…`; during a rotation the old and the new one. @default [] */
  readonly secrets?: readonly string[];
  /** Public keys of its `v1a` signatures, `whpk_…`. @default [] */
  readonly publicKeys?: readonly string[];
}

/** Finds out who claims to have sent a request, from its path, say; null: nobody known. */
export type SenderResolver = (
  request: WebhookRequest,
) => WebhookSender | null | Promise<WebhookSender | null>;

/** Whose webhooks are accepted: either fixed keys or a resolver. */
export interface SenderOptions {
  /** Secrets of the one sender, `whsec_…`; during a rotation the old and the new one. @default [] */
  readonly secrets?: readonly string[];
  /** Public keys of the one sender's `v1a` signatures, `whpk_…`. @default [] */
  readonly publicKeys?: readonly string[];
  /** With several senders: which of them a request is from. @default none */
  readonly sender?: SenderResolver;
}

/** A sender whose keys are ready for use. */
export interface KnownSender {
  readonly name: string;
  readonly keys: VerificationKeys;
}

/** Finds the sender of a request. */
export type FindSender = (request: WebhookRequest) => Promise<KnownSender | null>;

// No control characters: PostgreSQL keeps no NUL in a text.
const NAME = /^[^\x00-\x1f]{1,200}$/;

function resolved(resolve: SenderResolver): FindSender {
  return async (request) => {
    const sender = await resolve(request);
    if (sender === null) return null;
    if (!NAME.test(sender.name)) {
      throw new ReceiverOptionsError(
        'sender',
        'returned a sender whose name is not 1 to 200 characters long',
      );
    }
    return { name: sender.name, keys: verificationKeys(sender.secrets ?? [], sender.publicKeys) };
  };
}

/**
 * How the senders of these options are found; undefined when the options name none.
 * @throws ReceiverOptionsError, SecretInvalidError, PublicKeyInvalidError for options that cannot work.
 */
export function senderFinder(
  { secrets, publicKeys, sender }: SenderOptions,
  where: string,
): FindSender | undefined {
  if (sender !== undefined) {
    if (secrets || publicKeys) {
      throw new ReceiverOptionsError(where, 'has both "sender" and fixed keys: let the resolver return them');
    }
    return resolved(sender);
  }
  if (!secrets && !publicKeys) return undefined;
  const keys = verificationKeys(secrets ?? [], publicKeys);
  if (keys.secrets.length + keys.publicKeys.length === 0) {
    throw new ReceiverOptionsError(where, 'has an empty list of keys: every webhook would be refused');
  }
  return async () => ({ name: '', keys });
}
