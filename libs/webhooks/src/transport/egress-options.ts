/** The way to the internet for hosts that have no direct one. */
export interface EgressProxyOptions {
  /**
   * `http://` or `https://` address of a proxy that knows CONNECT. The proxy itself may be anywhere: this address comes from
   * the host and not from a subscriber.
   */
  readonly url: string;
  /** Value of the `proxy-authorization` header; a secret, never recorded. @default Basic, of the user-info in `url` */
  readonly authorization?: string;
  /** PEM certificates by which an `https://` proxy is known. @default those of Node.js */
  readonly ca?: string | readonly string[];
  /**
   * The proxy resolves names, and it alone keeps webhooks away from what is not public: it gets names instead of judged
   * addresses. Only for proxies that are made for it. @default false
   */
  readonly resolves?: boolean;
}

/** Where requests may go. */
export interface EgressOptions {
  /**
   * Addresses, CIDR ranges and host names that are reachable although they are not public. A name is meant with whatever
   * it resolves to; a range does not cover the metadata services of clouds, which need an entry of their own.
   * @default []
   */
  readonly allow?: readonly string[];
  /** Addresses, CIDR ranges and host names (with all names below) that are refused; it beats `allow`. @default [] */
  readonly deny?: readonly string[];
  /** The only ports that are reachable. @default all but those that browsers refuse as ports of other protocols */
  readonly ports?: readonly number[];
  /** Refuses `http://`. @default false */
  readonly httpsOnly?: boolean;
  /** Sends everything through a proxy. Variables of the environment (`HTTPS_PROXY` …) are never read. @default none */
  readonly proxy?: EgressProxyOptions;
}
