import { SEED } from '../database/seed.js';

const SESSION = '3f6c2b1e-8a47-4d0b-9c55-0e9d7f2a1b34';
const LUCIA = { consumerId: SEED.consumer.id, agentId: SEED.agent.id };

/** What the app answered. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Request and answer in one line. */
  readonly line: string;
}

/** The agent at her screen: speaks to the app over HTTP only. */
export class BookingClient {
  /** Every request and its answer, in order. */
  readonly answers: Answer[] = [];

  constructor(
    private readonly baseUrl: string,
    private readonly who: { readonly consumerId: string; readonly agentId: string } = LUCIA,
  ) {}

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: object = {}): Promise<Answer> {
    return this.call('POST', path, body);
  }

  patch(path: string, body: object): Promise<Answer> {
    return this.call('PATCH', path, body);
  }

  private async call(method: string, path: string, content?: object): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...{ 'content-type': 'application/json', 'x-session-id': SESSION },
        ...{ 'x-consumer-id': this.who.consumerId, 'x-agent-id': this.who.agentId },
      },
      ...(content && { body: JSON.stringify(content) }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    const essence = body['code'] ?? body['order_status'] ?? body['state'] ?? '';
    const answer = {
      status: response.status,
      body,
      line: `${method} ${path} → ${response.status} ${essence}`.trimEnd(),
    };
    this.answers.push(answer);
    return answer;
  }
}
