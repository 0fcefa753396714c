import type { WebhooksCaller } from '../access/webhooks-access.js';
import { ForbiddenError } from '../problems/forbidden-error.js';

/** What is read of an HTTP request: on Express and on Fastify these have the same names. */
export interface ApiRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly url: string;
  /** Express only: with what routers above have taken off. */
  readonly originalUrl?: string;
  /** Noted by the guard. */
  webhooksCaller?: WebhooksCaller;
}

/** Whose things a call may touch, and who is to be named in the record of changes. */
export interface CallScope {
  readonly tenant?: string;
  readonly actor?: string;
}

type Values = Readonly<Record<string, unknown>>;

/** One use of an operation: by whom, of what. `Q` and `B` are what its query and its body have been checked to be. */
export class ApiCall<Q = Values, B = Values> {
  /** Headers of the answer. */
  readonly answerHeaders: Record<string, string> = {};
  /** Without `tenant`, which is in the scope. */
  readonly query: Q;
  readonly scope: CallScope;

  constructor(
    private readonly request: ApiRequest,
    query: Values,
    readonly body: B,
  ) {
    const { tenant, ...rest } = query;
    this.query = rest as Q;
    this.scope = scopeOf(request.webhooksCaller!, tenant as string | undefined);
  }

  /** The path's `:id`. A character that no database takes is in no id. */
  get id(): string {
    return this.request.params['id']!.replaceAll('\0', '\uFFFD');
  }

  /** Another parameter of the path. */
  param(name: string): string {
    return this.request.params[name]!;
  }

  /** Tells where something is, as seen from the request's path. */
  locate(relative: string): void {
    const { originalUrl, url } = this.request;
    const [path = ''] = (originalUrl ?? url).split('?');
    const base = path.replace(/\/$/, '');
    this.answerHeaders['location'] = new URL(relative, `http://host${base}`).pathname;
  }

  header(name: string): string | undefined {
    return this.request.headers[name]?.toString();
  }
}

// An operator chooses whose things he looks at; anybody else has his own, and may say so.
function scopeOf({ tenant: own, actor }: WebhooksCaller, wanted: string | undefined): CallScope {
  if (own !== null && wanted !== undefined && wanted !== own) {
    throw new ForbiddenError(`tenant: You may use the API for the tenant "${own}" only: leave it out.`);
  }
  const tenant = own ?? wanted;
  return { ...(tenant !== undefined && { tenant }), ...(actor !== undefined && { actor }) };
}
