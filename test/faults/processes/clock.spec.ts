import { verify } from 'nestjs-webhooks';
import { describeDatabases } from '../../support/databases.js';
import type { MutantName } from '../support/fault-host.js';
import type { FaultRequest } from '../support/fault-receiver.js';
import type { FaultScene } from '../support/fault-scene.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';

const HOURS_MS = 6 * 3_600_000;
const JUMPS = [
  ['forward', HOURS_MS],
  ['back', -HOURS_MS],
] as const;

const CLEAN = { lost: [], phantoms: [], duplicates: [] };
const FAILED = 'failed-once';
const BEFORE = orderIds('before', 8);
/** As many as a process keeps for an endpoint that has only failed so far: more is left to all. */
const KEPT = BEFORE.slice(0, 2);
const AFTER = orderIds('after', 8);

interface Jump {
  readonly ms: number;
  readonly mutant?: MutantName;
  /** Another process, whose clock jumps the other way, looks for leases that have run out; otherwise this one does. */
  readonly beside?: boolean;
}

/** The clock jumps while one order waits for its second attempt and others are under way; and then come more. */
async function jumped(scene: FaultScene, { ms, mutant, beside }: Jump) {
  const { receiver } = scene;
  const [subscription] = await scene.subscribe();
  const retrySchedule = Array<number>(10).fill(1_000);
  const host = await scene.start({ mutant, delivery: { retrySchedule } });
  const other = beside ? await scene.start({ name: 'other', mutant }) : undefined;
  receiver.answerBy(() => 500);
  await host.publish([FAILED]);
  await receiver.arrived(1);
  // However often it is tried until the others are under way.
  receiver.answerBy(({ orderId }) => (orderId === FAILED ? 500 : 'hold'));
  const before = beside ? KEPT : BEFORE;
  await host.publish(before);
  await receiver.until(() => about(receiver.requests, before).length > 0);
  await host.jump(ms);
  await other?.jump(-ms);
  await host.publish(AFTER);
  receiver.answerBy(({ sender, orderId }) => (sender === 'other' || BEFORE.includes(orderId) ? 204 : 'hold'));
  await (other ? other.drain() : host.look());
  receiver.answerBy(() => 204);
  receiver.answerHeld(204);
  await receiver.until(() => receiver.requests.some((each) => each.orderId === FAILED && each.succeeded));
  await host.drain();
  const verdict = await scene.aftermath([FAILED, ...before, ...AFTER]);
  return { verdict, secret: subscription!.secret };
}

/** What a receiver with that clock has against requests. */
function objections(requests: readonly FaultRequest[], secret: string, now: number) {
  return requests.map(({ headers, body }) => verify({ headers, body }, secret, now));
}

function about(requests: readonly FaultRequest[], ids: readonly string[]): FaultRequest[] {
  return requests.filter(({ orderId }) => ids.includes(orderId));
}

describeDatabases('a process whose clock jumps by hours', (database) => {
  const scene = useFaultScene(database);

  for (const [direction, ms] of JUMPS) {
    it(`${direction} sends everything, and once, each signed with the time of its own sending`, async () => {
      const { verdict, secret } = await jumped(scene, { ms });

      expect(verdict).toEqual(CLEAN);
      const { requests } = scene.receiver;
      expect(objections(about(requests, BEFORE).slice(0, 1), secret, Date.now())).toEqual([null]);
      expect(objections(about(requests, AFTER), secret, Date.now() + ms)).toEqual(AFTER.map(() => null));
    });
  }

  it('would send what is under way twice, were its leases in its own time', async () => {
    const { verdict } = await jumped(scene, { ms: HOURS_MS, mutant: 'time-of-the-process' });
    expect(verdict.duplicates.length).toBeGreaterThan(0);
  });

  it('would be refused for its timestamps, were they counted from its start', async () => {
    const { secret } = await jumped(scene, { ms: HOURS_MS, mutant: 'time-of-the-start' });
    const late = about(scene.receiver.requests, AFTER);
    expect(objections(late, secret, Date.now() + HOURS_MS)).toContain('timestamp-out-of-tolerance');
  });
});

describeDatabases(
  'a replica whose clock jumps the other way than that of the one that sends',
  (database) => {
    const scene = useFaultScene(database);

    for (const [direction, ms] of JUMPS) {
      it(`${direction} takes nothing away from it`, async () => {
        expect((await jumped(scene, { ms, beside: true })).verdict).toEqual(CLEAN);
        expect(about(scene.receiver.from('other'), BEFORE)).toEqual([]);
      });
    }

    it('would send what the other one sends, were leases in the time of the process', async () => {
      await jumped(scene, { ms: -HOURS_MS, beside: true, mutant: 'time-of-the-process' });
      expect(about(scene.receiver.from('other'), BEFORE).length).toBeGreaterThan(0);
    });
  },
  'postgres',
);
