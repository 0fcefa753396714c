import type { TransportErrorCode } from './transport-errors.js';
import { TransportFault } from './transport-fault.js';

const BY_CODE: Readonly<Record<string, TransportErrorCode>> = {
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  UND_ERR_HEADERS_OVERFLOW: 'BAD_RESPONSE',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'BAD_RESPONSE',
  UND_ERR_INVALID_ARG: 'REQUEST_INVALID',
  UND_ERR_NOT_SUPPORTED: 'REQUEST_INVALID',
  EPROTO: 'TLS_ERROR',
};

const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

type Failure = Error & { code?: unknown; syscall?: unknown };

function codeOf(error: Failure, code: string): TransportErrorCode {
  // Whatever the network or the system has against it: nobody has answered.
  if (error.syscall === 'connect') return code === 'ETIMEDOUT' ? 'CONNECT_TIMEOUT' : 'CONNECTION_REFUSED';
  return BY_CODE[code] ?? codeByName(error, code);
}

function codeByName(error: Error, code: string): TransportErrorCode {
  if (TLS.test(code)) return 'TLS_ERROR';
  // undici's parser error carries the parser's own code; its answer to a 101 is told by the message alone.
  if (error.name === 'HTTPParserError' || /^bad (upgrade|response)$/.test(error.message))
    return 'BAD_RESPONSE';
  return 'CONNECTION_RESET';
}

// Node.js tries the addresses of a name one after the other, and says what became of each.
function failuresOf(error: Failure): readonly Failure[] {
  return error instanceof AggregateError ? (error.errors as Failure[]) : [error];
}

/** Names a failure of the network in the transport's own words. */
export function classifyFault(error: Failure): TransportFault {
  if (error instanceof TransportFault) return error;
  const failures = failuresOf(error);
  const [first = error] = failures;
  const code = typeof first.code === 'string' ? first.code : '';
  const messages = failures.map(({ message }) => message).join('; ');
  const detail = [code, messages].filter(Boolean).join(': ').slice(0, 500);
  return new TransportFault(codeOf(first, code), detail, { cause: error });
}

/** Whether the other side dropped the connection without a word about the request. */
export function isReset(error: Error & { code?: unknown }): boolean {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return true;
  return error.code === 'UND_ERR_SOCKET' && /closed/.test(error.message);
}
