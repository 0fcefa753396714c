import axios, {
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
} from 'axios';

/**
 * HttpService makes a cancel token for every request that has none, and cancels it when the request is over: a
 * measurable part of its cost. One token that nobody ever cancels takes its place.
 */
export const NEVER_CANCELLED = new axios.CancelToken(() => {});

function hasInterceptors({ interceptors }: AxiosInstance): boolean {
  return [interceptors.request, interceptors.response].some((manager) => manager.handlers?.some(Boolean));
}

/** axios gives a body without a type one of its own; only `false` keeps it from doing so. */
function withoutGuessedType(config: AxiosRequestConfig): AxiosRequestConfig {
  const headers = { ...config.headers } as Record<string, string | false>;
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return typed ? config : { ...config, headers: { ...headers, 'Content-Type': false } };
}

/**
 * An axios instance that the rest of the host's axios does not reach: none of its defaults (headers, proxy, base URL),
 * one adapter. While it has no interceptors, `request()` calls the adapter directly, without axios' config merge,
 * which costs several times what the request itself does.
 */
export function outboundAxios(adapter: AxiosAdapter): AxiosInstance {
  const instance = axios.create();
  // axios.create() starts from the host's axios.defaults, which may carry credentials meant for somebody else.
  const defaults = instance.defaults as unknown as Record<string, unknown>;
  for (const key of Object.keys(defaults)) delete defaults[key];
  Object.assign(defaults, {
    adapter,
    headers: {},
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    validateStatus: null,
    responseType: 'arraybuffer',
    transformRequest: [],
    transformResponse: [],
  });

  const full = instance.request.bind(instance);
  const request = (config: AxiosRequestConfig): Promise<unknown> =>
    hasInterceptors(instance)
      ? full(withoutGuessedType(config))
      : adapter(config as InternalAxiosRequestConfig);
  instance.request = request as AxiosInstance['request'];
  return instance;
}
