/** What a receiver needs of a request of Express or Fastify. Before its verification everything in it is a stranger's word. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Readonly<Record<string, string>>;
  readonly url: string;
  readonly rawBody?: Buffer;
  /** Node's own request, on Fastify. */
  readonly raw?: { readonly rawHeaders?: readonly string[] };
  /** On Express. */
  readonly rawHeaders?: readonly string[];
}
