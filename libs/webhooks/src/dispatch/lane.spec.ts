import type { Delivery } from './delivery.js';
import { Lane } from './lane.js';

const delivery = (n: number, isReplay = false): Delivery => ({ id: `dlv_${n}`, isReplay }) as Delivery;

function laneOf(count: number): Lane {
  const lane = new Lane('sub_1', 'a');
  for (let n = 0; n < count; n++) lane.add(delivery(n));
  return lane;
}

describe('a lane', () => {
  it.each([1, 255, 256, 257, 1_000])('of %d gives the first first, and none twice', (count) => {
    const lane = laneOf(count);

    const taken = Array.from({ length: count }, () => lane.take().id);

    expect(taken).toEqual(Array.from({ length: count }, (_, n) => `dlv_${n}`));
    expect(lane.waiting).toBe(0);
  });

  it('keeps the order when it is filled while it is emptied', () => {
    const lane = laneOf(300);
    const taken: string[] = [];
    for (let n = 300; n < 900; n++) {
      taken.push(lane.take().id);
      lane.add(delivery(n));
    }

    expect(taken).toEqual(Array.from({ length: 600 }, (_, n) => `dlv_${n}`));
    expect(lane.waiting).toBe(300);
  });

  it('counts what waits and what runs', () => {
    const lane = laneOf(5);
    lane.take();
    lane.running++;

    expect([lane.waiting, lane.load]).toEqual([4, 5]);
  });

  it('gives all that has not begun, and is empty then', () => {
    const lane = laneOf(3);
    lane.take();

    expect(lane.takeOut().map(({ id }) => id)).toEqual(['dlv_1', 'dlv_2']);
    expect([lane.waiting, lane.takeOut()]).toEqual([0, []]);
    lane.add(delivery(9));
    expect(lane.take().id).toBe('dlv_9');
  });

  it('gives what is new before what is repeated, and takes out of both', () => {
    const lane = laneOf(0);
    for (const n of [1, 2, 3, 4]) lane.add(delivery(n, true));
    lane.add(delivery(5));
    lane.add(delivery(6));
    lane.running++;

    expect([lane.load, lane.liveLoad]).toEqual([7, 3]);
    expect(lane.takeOut(({ id }) => id === 'dlv_2' || id === 'dlv_6')).toHaveLength(2);
    expect(Array.from({ length: 4 }, () => lane.take().id)).toEqual(['dlv_5', 'dlv_1', 'dlv_3', 'dlv_4']);
  });
});
