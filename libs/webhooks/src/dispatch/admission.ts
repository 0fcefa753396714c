import type { Clock } from '../internal/clock.js';

/** A subscription as it is now: one that is changed is no longer what was blocked. */
export interface Version {
  readonly id: string;
  readonly version: number;
}

/** Who is being sent to. */
export interface Addressee extends Version {
  readonly tenant: string;
}

interface Block {
  readonly version: number;
  /** Monotonic milliseconds. */
  readonly until: number;
}

/** A delivery that is stopped is put back for this long; while the stop lasts no claim brings it. */
const STOPPED_MS = 1_000;
/** Attempts at a time to an endpoint that nothing is known of. */
const FIRST_CAP = 2;

/**
 * Says whether a subscription may be sent to, and how many attempts at a time: nothing while its circuit is open, its receiver
 * asked to be left alone, or an operator stopped it. The number grows with each success and is halved by a failure,
 * so an endpoint that hangs never holds many slots.
 */
export class Admission {
  private readonly circuits = new Map<string, Block>();
  private readonly wishes = new Map<string, Block>();
  private readonly skips = new Map<string, Block>();
  private readonly caps = new Map<string, number>();
  private readonly answering = new Set<string>();
  private stops: ReadonlySet<string> = new Set();
  /** How often it was asked for the stops, and for which of these times the answer is known. */
  private asked = 0;
  private known = 0;

  /** `versionOf` gives the version of a subscription that is active now. */
  constructor(
    private readonly clock: Clock,
    private readonly concurrency: number,
    private readonly versionOf: (subscriptionId: string) => number | undefined,
  ) {}

  /** Its receiver wishes to be left alone for so long; a longer wish that is there stays, whatever else it answers. */
  block(subscription: Version, ms: number): void {
    this.extend(this.wishes, subscription, ms);
  }

  /** Claims need not bring anything for this subscription for so long; what is in hand goes out. */
  skip(subscription: Version, ms: number): void {
    this.extend(this.skips, subscription, ms);
  }

  /** Its circuit has opened: nothing goes out for so long or until it answers well, and one attempt at a time afterwards. */
  open(subscription: Version, ms: number): void {
    this.caps.set(subscription.id, 1);
    this.extend(this.circuits, subscription, ms);
  }

  /** It answered well: that closes its circuit. */
  succeeded(subscriptionId: string): void {
    this.circuits.delete(subscriptionId);
    this.answering.add(subscriptionId);
    const cap = this.caps.get(subscriptionId) ?? FIRST_CAP;
    if (cap < this.concurrency) this.caps.set(subscriptionId, cap + 1);
  }

  /** It failed. */
  failed(subscriptionId: string): void {
    this.answering.delete(subscriptionId);
    const cap = this.caps.get(subscriptionId) ?? FIRST_CAP;
    this.caps.set(subscriptionId, Math.max(1, Math.floor(cap / 2)));
  }

  /** Whether the last attempt was a success. */
  answers(subscriptionId: string): boolean {
    return this.answering.has(subscriptionId);
  }

  /** How many attempts at a time, given what its subscriber wishes. */
  capOf(subscriptionId: string, wished = this.concurrency): number {
    return Math.min(wished, this.concurrency, this.caps.get(subscriptionId) ?? FIRST_CAP);
  }

  /** Milliseconds until it may be sent to; 0: now. What is sent by hand waits for nothing but an operator's stop. */
  waitFor(addressee: Addressee, manual = false): number {
    if (this.stops.size > 0 && this.isStopped(addressee)) return STOPPED_MS;
    if (manual) return 0;
    return Math.max(this.leftOf(this.circuits, addressee), this.leftOf(this.wishes, addressee));
  }

  /** What a claim need not bring; null: nothing at all is to be claimed. */
  excluded(): { subscriptions: string[]; tenants: string[] } | null {
    if (this.stops.has('*')) return null;
    const blocked = [this.circuits, this.wishes, this.skips].flatMap((blocks) => this.inForce(blocks));
    return {
      subscriptions: [...blocked, ...this.stoppedOf('subscription:')],
      tenants: this.stoppedOf('tenant:'),
    };
  }

  /** What operators have stopped: `*`, `tenant:…`, `subscription:…`. */
  get stopped(): ReadonlySet<string> {
    return this.stops;
  }

  /**
   * To be called when the database is about to be asked what operators have stopped; what it gives takes the answer. It comes to
   * nothing when somebody has asked later and was answered before.
   */
  asking(): (scopes: readonly string[]) => void {
    const turn = ++this.asked;
    return (scopes) => {
      if (turn < this.known) return;
      this.known = turn;
      this.stops = new Set(scopes);
    };
  }

  // A late answer to an older version says nothing of the one that there is.
  private extend(blocks: Map<string, Block>, { id, version }: Version, ms: number): void {
    const until = this.clock.monotonic() + ms;
    const known = blocks.get(id);
    if (known && (known.version > version || (known.version === version && known.until >= until))) return;
    blocks.set(id, { version, until });
  }

  private leftOf(blocks: Map<string, Block>, { id, version }: Version): number {
    const block = blocks.get(id);
    if (block === undefined) return 0;
    const left = block.version === version ? block.until - this.clock.monotonic() : 0;
    if (left <= 0) blocks.delete(id);
    return Math.max(0, left);
  }

  private inForce(blocks: Map<string, Block>): string[] {
    const now = this.clock.monotonic();
    for (const [id, { until }] of blocks) if (until <= now) blocks.delete(id);
    return [...blocks].filter(([id, { version }]) => this.versionOf(id) === version).map(([id]) => id);
  }

  private isStopped({ id, tenant }: Addressee): boolean {
    return this.stops.has('*') || this.stops.has(`tenant:${tenant}`) || this.stops.has(`subscription:${id}`);
  }

  private stoppedOf(prefix: string): string[] {
    return [...this.stops]
      .filter((scope) => scope.startsWith(prefix))
      .map((scope) => scope.slice(prefix.length));
  }
}
