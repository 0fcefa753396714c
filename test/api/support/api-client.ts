import type { Contract } from './contract.js';

/** What a test sends. */
export interface Sent {
  readonly token?: string | null;
  readonly body?: unknown;
  /** Instead of `body`: these bytes. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface ApiAnswer<B = Record<string, never>> {
  readonly status: number;
  readonly body: B;
  readonly headers: Headers;
}

/** Speaks to an API and has every answer judged by its document. */
export class ApiClient {
  contract: Contract | undefined;

  constructor(
    readonly url: string,
    private readonly token: string,
    readonly base = '/webhooks',
  ) {}

  /** The same, for another caller. */
  as(token: string): ApiClient {
    const other = new ApiClient(this.url, token, this.base);
    other.contract = this.contract;
    return other;
  }

  get<B = Record<string, never>>(path: string, sent: Sent = {}): Promise<ApiAnswer<B>> {
    return this.send('GET', path, sent);
  }

  post<B = Record<string, never>>(path: string, body: unknown = {}, sent: Sent = {}): Promise<ApiAnswer<B>> {
    return this.send('POST', path, { body, ...sent });
  }

  async send<B = Record<string, never>>(
    method: string,
    path: string,
    sent: Sent = {},
  ): Promise<ApiAnswer<B>> {
    const text = sent.text ?? (sent.body === undefined ? null : JSON.stringify(sent.body));
    const headers = { ...this.headersOf(sent, text !== null), ...sent.headers };
    const response = await fetch(`${this.url}${this.base}${path}`, { method, headers, body: text });
    const { status } = response;
    const type = response.headers.get('content-type');
    const body = parsed(await response.text(), type);
    this.contract?.check({ method, path: `${this.base}${path}`.split('?')[0]!, status, type, body });
    return { status, body: body as B, headers: response.headers };
  }

  private headersOf({ token = this.token }: Sent, hasBody: boolean): Record<string, string> {
    return {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(hasBody && { 'content-type': 'application/json' }),
    };
  }
}

function parsed(text: string, type: string | null): unknown {
  if (text === '') return null;
  return type?.includes('json') ? JSON.parse(text) : text;
}
