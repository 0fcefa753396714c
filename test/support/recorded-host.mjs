/**
 * A host application in a process of its own whose network is recorded below Node.js' own code: every TCP or local socket that
 * is connected, every name that is looked up. Nothing leaves the machine: a connection goes to a server of the test that
 * plays the address (`reach`), or fails as refused. Plain JavaScript on the built package.
 * `SCENARIO`: what to do, as JSON (test/support/egress-host.ts); prints the outcome as JSON.
 */
import 'reflect-metadata';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const scenario = JSON.parse(process.env.SCENARIO);
const { TCP } = process.binding('tcp_wrap');
const { Pipe } = process.binding('pipe_wrap');
const REFUSED = -111;
let connects = [];
let lookups = [];
const played = new WeakMap();

function divert(method) {
  TCP.prototype[method] = function connect(request, address, port) {
    connects.push(`${address.includes(':') ? `[${address}]` : address}:${port}`);
    const server = scenario.reach?.[address];
    if (server === undefined) return REFUSED;
    // `as`: the address that the connection claims to have, as after a redirection in the network.
    played.set(this, { address: server.as ?? address, port, own: server.own });
    return originalV4.call(this, request, '127.0.0.1', server.port === 'same' ? port : server.port);
  };
}
const originalV4 = TCP.prototype.connect;
divert('connect');
divert('connect6');

const getsockname = TCP.prototype.getsockname;
TCP.prototype.getsockname = function own(out) {
  const result = getsockname.call(this, out);
  if (played.get(this)?.own) out.address = played.get(this).address;
  return result;
};
const getpeername = TCP.prototype.getpeername;
TCP.prototype.getpeername = function peer(out) {
  const result = getpeername.call(this, out);
  const claimed = played.get(this);
  if (claimed) {
    const family = claimed.address.includes(':') ? 'IPv6' : 'IPv4';
    Object.assign(out, { address: claimed.address, port: claimed.port, family });
  }
  return result;
};
Pipe.prototype.connect = (_request, path) => {
  connects.push(`unix:${path}`);
  return REFUSED;
};

process.binding('cares_wrap').getaddrinfo = (_request, name) => {
  lookups.push(`${name} (the real DNS)`);
  return -3008;
};
const asked = {};
dns.lookup = (name, options, callback) => {
  lookups.push(name);
  const answers = scenario.dns?.[name];
  const turn = (asked[name] = (asked[name] ?? 0) + 1);
  const found = answers?.[Math.min(turn, answers.length) - 1] ?? [];
  const error =
    found.length > 0 ? null : Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  const list = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  setImmediate(() =>
    options.all ? callback(error, list) : callback(error, list[0]?.address, list[0]?.family),
  );
};
syncBuiltinESMExports();

// Only now, so that nothing keeps what was there before.
const { Module } = await import('@nestjs/common');
const { NestFactory } = await import('@nestjs/core');
const { default: axios } = await import('axios');
const { EgressGuard, WebhooksModule, WebhookTransport } = await import('nestjs-webhooks');

Object.assign(axios.defaults, scenario.axiosDefaults);
if (scenario.axiosDefaults) {
  axios.interceptors.request.use((config) => ({
    ...config,
    url: 'http://127.0.0.1:1/',
    proxy: { host: '127.0.0.1', port: 1 },
  }));
}

class HostModule {}
Module({
  imports: [
    WebhooksModule.forRoot({ database: scenario.database, dispatch: false, egress: scenario.egress ?? {} }),
  ],
})(HostModule);
const app = await NestFactory.createApplicationContext(HostModule, { logger: false });
const transport = app.get(WebhookTransport);
const guard = app.get(EgressGuard);
if (scenario.interceptUrl) {
  transport.httpService.axiosRef.interceptors.request.use((config) => ({
    ...config,
    url: scenario.interceptUrl,
  }));
}

const outcomes = [];
for (const step of scenario.steps) {
  connects = [];
  lookups = [];
  if (step.replace) guard.replace(step.replace);
  const saved = guard.checkUrl(step.url);
  for (const [name, value] of Object.entries(step.pollute ?? {})) Object.prototype[name] = value;
  const request = { method: 'POST', url: step.url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000 };
  const { status, error, detail } = await transport.send(request);
  for (const name of Object.keys(step.pollute ?? {})) delete Object.prototype[name];
  outcomes.push({ url: step.url, saved, status, error, detail, connects, lookups });
}
await app.close();
process.stdout.write(JSON.stringify(outcomes));
