import type { TransportErrorCode } from './transport-errors.js';
import { TransportFault } from './transport-fault.js';

const BY_CODE: Readonly<Record<string, TransportErrorCode>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  EHOSTUNREACH: 'CONNECTION_REFUSED',
  ENETUNREACH: 'CONNECTION_REFUSED',
  EADDRNOTAVAIL: 'CONNECTION_REFUSED',
  EACCES: 'CONNECTION_REFUSED',
  EPERM: 'CONNECTION_REFUSED',
  ENOTFOUND: 'DNS_ERROR',
  ENODATA: 'DNS_ERROR',
  ESERVFAIL: 'DNS_ERROR',
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

function codeByName(error: Error, code: string): TransportErrorCode {
  if (code.startsWith('EAI_')) return 'DNS_ERROR';
  if (TLS.test(code)) return 'TLS_ERROR';
  // undici's parser error carries the parser's own code; its answer to a 101 is told by the message alone.
  if (error.name === 'HTTPParserError' || /^bad (upgrade|response)$/.test(error.message))
    return 'BAD_RESPONSE';
  return 'CONNECTION_RESET';
}

/** Names a failure of the network in the transport's own words. */
export function classifyFault(error: Error & { code?: unknown; syscall?: unknown }): TransportFault {
  if (error instanceof TransportFault) return error;
  const code = typeof error.code === 'string' ? error.code : '';
  const detail = [code, error.message].filter(Boolean).join(': ').slice(0, 500);
  const connecting = code === 'ETIMEDOUT' && error.syscall === 'connect';
  const known = connecting ? 'CONNECT_TIMEOUT' : BY_CODE[code];
  return new TransportFault(known ?? codeByName(error, code), detail, { cause: error });
}

/** Whether the other side dropped the connection without a word about the request. */
export function isReset(error: Error & { code?: unknown }): boolean {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return true;
  return error.code === 'UND_ERR_SOCKET' && /closed/.test(error.message);
}
