/**
 * Why no usable response came back. `TIMEOUT` is the deadline of the whole exchange, `CONNECT_TIMEOUT` the shorter one
 * of making a connection. `PROXY_ERROR`: the host's own proxy could not be reached, or refused. `REQUEST_INVALID` means that nothing was sent: HTTP does not allow a header, the method or
 * the URL, or an interceptor of the host threw.
 */
export type TransportErrorCode =
  | 'TARGET_BLOCKED'
  | 'DNS_ERROR'
  | 'TLS_ERROR'
  | 'CONNECT_TIMEOUT'
  | 'TIMEOUT'
  | 'CONNECTION_RESET'
  | 'CONNECTION_REFUSED'
  | 'BAD_RESPONSE'
  | 'PROXY_ERROR'
  | 'REQUEST_INVALID';
