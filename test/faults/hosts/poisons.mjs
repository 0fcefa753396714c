/**
 * What a host may have been given by others. A prototype is polluted through JSON (a merge of untrusted input), so the values
 * are JSON; nothing of it may change what goes out.
 */

const EVIL = 'http://127.0.0.1:9/evil';

const ON_EVERY_OBJECT = {
  ...{
    proxy: { protocol: 'http', host: '127.0.0.1', port: 9 },
    headers: { 'x-evil': '1', authorization: 'evil' },
  },
  ...{
    url: EVIL,
    baseURL: EVIL,
    origin: 'http://127.0.0.1:9',
    path: '/evil',
    pathname: '/evil',
    query: { evil: 1 },
  },
  ...{
    method: 'DELETE',
    data: 'evil',
    body: 'evil',
    params: { evil: 1 },
    auth: { username: 'evil', password: 'evil' },
  },
  ...{
    agent: 'evil',
    httpAgent: 'evil',
    socketPath: '/tmp/evil.sock',
    adapter: 'http',
    transformRequest: 'evil',
  },
  ...{ timeout: 1, timeoutMs: 1, maxRedirects: 5, maxContentLength: 1, maxBodyLength: 1, decompress: true },
  ...{ responseType: 'json', validateStatus: 'evil', cancelToken: 'evil', signal: 'evil', deadline: 'evil' },
  ...{
    upgrade: 'evil',
    blocking: true,
    reset: true,
    expectContinue: true,
    idempotent: false,
    throwOnError: true,
  },
  ...{
    host: '127.0.0.2',
    hostname: '127.0.0.2',
    port: 9,
    servername: 'evil',
    localAddress: '203.0.113.1',
    family: 6,
  },
  ...{
    then: 'evil',
    toJSON: 'evil',
    toString: 'evil',
    constructor: 'evil',
    length: 1,
    status: 500,
    error: 'evil',
  },
  ...{
    tenant: 'evil',
    subject: 'evil',
    idempotencyKey: 'evil',
    manager: 'evil',
    event: 'evil',
    order_id: 'evil',
    total: 9,
  },
  ...{
    state: 'disabled',
    secrets: [],
    limits: { concurrency: 0 },
    filter: { order_id: 'evil' },
    ordering: 'subject',
  },
  ...{
    json_body: { evil: 1 },
    content_type: 'text/evil',
    'content-type': 'text/evil',
    'x-evil': '1',
    'user-agent': 'evil',
  },
};

function onEveryObject(name, value) {
  const had = Object.getOwnPropertyDescriptor(Object.prototype, name);
  return {
    name: `Object.prototype.${name}`,
    apply: () =>
      Object.defineProperty(Object.prototype, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      }),
    undo: () => (had ? Object.defineProperty(Object.prototype, name, had) : delete Object.prototype[name]),
  };
}

/** Sets a default of the host's axios, and takes it back. */
function ofAxios(axios, name, value) {
  const { defaults } = axios;
  const had = defaults[name];
  return {
    name: `axios.defaults.${name}`,
    apply: () => (defaults[name] = value),
    undo: () => (had === undefined ? delete defaults[name] : (defaults[name] = had)),
  };
}

function headersOfAxios(axios) {
  const { common, post } = axios.defaults.headers;
  return {
    name: 'axios.defaults.headers',
    apply: () =>
      [common, post].forEach((headers) => Object.assign(headers, { authorization: 'evil', 'x-evil': '1' })),
    undo: () =>
      [common, post].forEach((headers) =>
        ['authorization', 'x-evil'].forEach((name) => delete headers[name]),
      ),
  };
}

function interceptorOfAxios(axios) {
  let id;
  const change = (config) => {
    config.headers.set('x-evil', '1');
    return { ...config, url: EVIL, data: 'evil' };
  };
  return {
    name: 'axios.interceptors.request',
    apply: () => (id = axios.interceptors.request.use(change)),
    undo: () => axios.interceptors.request.eject(id),
  };
}

/** Every poison: its name, how it is given, and how it is taken back. */
export function poisons(axios) {
  const proxy = { protocol: 'http', host: '127.0.0.1', port: 9 };
  return [
    { name: 'none', apply: () => undefined, undo: () => undefined },
    ...Object.entries(ON_EVERY_OBJECT).map(([name, value]) => onEveryObject(name, value)),
    headersOfAxios(axios),
    ofAxios(axios, 'baseURL', EVIL),
    ofAxios(axios, 'proxy', proxy),
    ofAxios(axios, 'timeout', 1),
    ofAxios(axios, 'params', { evil: 1 }),
    ofAxios(axios, 'auth', { username: 'evil', password: 'evil' }),
    ofAxios(axios, 'transformRequest', [() => 'evil']),
    ofAxios(axios, 'adapter', () => Promise.reject(new Error('evil'))),
    interceptorOfAxios(axios),
  ];
}
