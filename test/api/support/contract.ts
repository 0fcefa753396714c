import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** The part of an OpenAPI document that tests read. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly webhooks: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, Record<string, unknown>>> };
}

/** One operation of it. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

/** An operation and where it is. */
export interface Route {
  readonly method: string;
  /** `/webhooks/subscriptions/{id}` */
  readonly path: string;
  readonly operation: DocumentedOperation;
}

/** What came back. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

/** Every operation of a document. */
export function routesOf({ paths }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Judges answers by the document: whatever it does not say, no answer may be. */
export class Contract {
  /** `getSubscription 200` */
  readonly seen = new Set<string>();
  readonly routes: readonly Route[];
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly judges = new Map<string, ValidateFunction>();

  constructor(readonly document: ApiDocument) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.routes = routesOf(document);
    this.ajv.addSchema(closed(document), 'api');
  }

  /** @throws Error when the answer is not documented */
  check(answered: Answered): void {
    const { method, path, status, type } = answered;
    const route = this.routeOf(method, path);
    const response = route.operation.responses[status];
    if (!response) throw this.error(answered, 'has no such status');
    this.seen.add(`${route.operation.operationId} ${status}`);
    const [media] = Object.keys(response.content ?? {});
    if (media === undefined) {
      if (answered.body !== null) throw this.error(answered, 'has no body');
      return;
    }
    if (type?.split(';')[0] !== media) throw this.error(answered, `is ${media}`);
    const where = [
      'paths',
      route.path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      media,
      'schema',
    ];
    const judge = this.judgeOf(`api#/${where.map(escaped).join('/')}`);
    if (!judge(answered.body)) throw this.error(answered, this.ajv.errorsText(judge.errors));
  }

  /** Operations, among those whose path fits, that nobody has got a good answer of yet. */
  unseen(paths: RegExp): string[] {
    const asked = this.routes.filter(({ path, operation: { operationId, responses } }) => {
      const good = Object.keys(responses).find((status) => status.startsWith('2'));
      return paths.test(path) && !this.seen.has(`${operationId} ${good}`);
    });
    return asked.map(({ operation }) => operation.operationId);
  }

  /** The operation that answers a path; fixed segments win. */
  routeOf(method: string, path: string): Route {
    const fits = this.routes.filter((route) => route.method === method && patternOf(route.path).test(path));
    const [route] = fits.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
    if (!route) throw new Error(`The document has no ${method} ${path}`);
    return route;
  }

  private judgeOf(ref: string): ValidateFunction {
    const known = this.judges.get(ref);
    if (known) return known;
    const judge = this.ajv.compile({ $ref: ref });
    this.judges.set(ref, judge);
    return judge;
  }

  private error({ method, path, status, body }: Answered, problem: string): Error {
    return new Error(
      `${method} ${path} ${status} by the document ${problem}: ${JSON.stringify(body).slice(0, 500)}`,
    );
  }
}

/** Members that no schema names are refused. */
function closed(document: ApiDocument): object {
  const copy = structuredClone(document) as ApiDocument;
  for (const schema of Object.values(copy.components.schemas)) {
    if (schema['properties']) schema['additionalProperties'] ??= false;
  }
  return copy;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
