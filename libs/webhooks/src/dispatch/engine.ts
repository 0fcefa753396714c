import type { Version } from './admission.js';
import { Admission } from './admission.js';
import { Claimer } from './claimer.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import { DueWorks } from './due-work.js';
import type { LeasedEvent } from './fan-out.js';
import { FanOut } from './fan-out.js';
import { HealthMonitor } from './health-monitor.js';
import { RateLimiter } from './rate-limiter.js';
import { Sender } from './sender.js';
import type { SettlementListener } from './settler.js';
import { Settler } from './settler.js';
import { TakenBack } from './taken-back.js';

/** What the engine tells its dispatcher. */
export interface EngineListener extends SettlementListener {
  /** Rows are due, for whoever has room. */
  due(): void;
  /** Events were claimed. */
  claimed(fresh: readonly LeasedEvent[], leftBehind: readonly LeasedEvent[]): void;
  /** Other work runs in the background. */
  begun(run: Promise<void>): void;
  /** A subscription is to be disabled, unless it is another version by now. */
  disable(subscription: Version, reason: string): void;
}

/** The machinery of one dispatcher, put together. */
export interface Engine {
  readonly admission: Admission;
  readonly queue: DeliveryQueue;
  readonly settler: Settler;
  readonly fanOut: FanOut;
  readonly health: HealthMonitor;
  readonly sender: Sender;
  readonly works: DueWorks;
  readonly claimer: Claimer;
  readonly takenBack: TakenBack;
}

/** Puts the parts together; nothing runs yet. */
export function createEngine(
  settings: DispatchSettings,
  parts: DispatchParts,
  listener: EngineListener,
): Engine {
  const { store, index, clock, attempter, lifecycle, control } = parts;
  const versionOf = (id: string): number | undefined => index.latest?.byId(id)?.version;
  const admission = new Admission(clock, settings.concurrencyPerSubscription, versionOf);
  const wished = (id: string): number | undefined => index.latest?.byId(id)?.limits.concurrency;
  const queue = new DeliveryQueue(settings, {
    capOf: (id) => admission.capOf(id, wished(id)),
    answers: (id) => admission.answers(id),
  });
  const settler = new Settler(store, listener);
  const onDue = (): void => listener.due();
  const takenBack = new TakenBack();
  const fanOut = new FanOut({ ...parts, queue, settler, admission, takenBack, onDue }, settings);
  const health = new HealthMonitor({
    admission,
    clock,
    rules: settings.health,
    note: (id, noted) => settler.note(id, noted),
    disable: (subscription, reason) => listener.disable(subscription, reason),
    tell: (name, event) => lifecycle.tell(name, event),
  });
  const sender = new Sender(settings, { store, index, attempter, clock, admission, fanOut, settler, health });
  const rates = rateLimiter(control, admission, settler);
  const works = new DueWorks({ begun: (run) => listener.begun(run), done: onDue });
  const claimed: EngineListener['claimed'] = (fresh, leftBehind) => listener.claimed(fresh, leftBehind);
  const forClaims = { ...parts, queue, admission, rates, fanOut: claimed, works, takenBack };
  const claimer = new Claimer(settings, forClaims);
  return { admission, queue, settler, fanOut, health, sender, works, claimer, takenBack };
}

function rateLimiter(control: DispatchParts['control'], admission: Admission, settler: Settler): RateLimiter {
  return new RateLimiter({
    reserve: (id, wanted, rate) => control.reserve(id, wanted, rate),
    admission,
    putOff: (settlement) => settler.settle(settlement),
  });
}
