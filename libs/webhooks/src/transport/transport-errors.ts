/** Why no usable response came back. */
export type TransportErrorCode =
  | 'TARGET_BLOCKED'
  | 'DNS_ERROR'
  | 'TLS_ERROR'
  | 'CONNECT_TIMEOUT'
  | 'TIMEOUT'
  | 'CONNECTION_RESET'
  | 'CONNECTION_REFUSED'
  | 'BAD_RESPONSE';
