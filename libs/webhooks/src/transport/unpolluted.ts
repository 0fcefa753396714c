/**
 * Options of sockets that would lead a connection elsewhere or make it trust somebody else. Node.js copies option objects
 * and reads what is missing through their prototype, so a polluted `Object.prototype.path` would make of every TCP
 * connection one to a local socket file. Spread first: own values that are undefined stop the look-up.
 */
export const UNPOLLUTED = Object.freeze({
  path: undefined,
  fd: undefined,
  handle: undefined,
  socket: undefined,
  onread: undefined,
  signal: undefined,
  localAddress: undefined,
  localPort: undefined,
  family: undefined,
  hints: undefined,
  secureContext: undefined,
  secureProtocol: undefined,
  secureOptions: undefined,
  minVersion: undefined,
  maxVersion: undefined,
  servername: undefined,
  sigalgs: undefined,
  crl: undefined,
  enableTrace: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  pfx: undefined,
  session: undefined,
  pskCallback: undefined,
}) as object;
