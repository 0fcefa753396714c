import { LowWater } from './low-water.js';

const LATE_MS = 60_000;
const FIRST = 1_000_000;
const MARK = FIRST - LATE_MS;
const EVERYWHERE = 0;

function reached(leftOut: readonly string[]): LowWater {
  const water = new LowWater();
  water.begin(leftOut, 0);
  water.reached(FIRST);
  return water;
}

describe('the low-water mark', () => {
  it('lets the next claim begin behind those who are left out, with room for late commits', () => {
    expect(reached(['a']).begin(['a'], 1)).toBe(MARK);
  });

  it('holds when more are left out', () => {
    expect(reached(['a']).begin(['a', 'b'], 1)).toBe(MARK);
  });

  it('is dropped when one of them comes back', () => {
    expect(reached(['a', 'b']).begin(['b', 'c'], 1)).toBe(EVERYWHERE);
  });

  it('is dropped when nobody is left out', () => {
    expect(reached(['a']).begin([], 1)).toBe(EVERYWHERE);
    expect(reached([]).begin([], 1)).toBe(EVERYWHERE);
  });

  it('is dropped every 30 seconds', () => {
    const water = reached(['a']);
    expect(water.begin(['a'], 30_000)).toBe(MARK);
    expect(water.begin(['a'], 30_001)).toBe(EVERYWHERE);
  });

  it('of all of them holds again after some have come back, and gone', () => {
    const water = reached(['a', 'b', 'c']);
    water.begin(['a'], 1);
    water.reached(LATE_MS + 5);

    expect(water.begin(['a', 'b'], 2)).toBe(5);
    expect(water.begin(['c', 'b', 'a'], 3)).toBe(MARK);
  });

  it('that rests on another one is dropped with it', () => {
    const water = reached(['a']);
    water.begin(['a', 'b'], 20_000);
    water.reached(FIRST);
    expect(water.begin(['a', 'b'], 30_001)).toBe(EVERYWHERE);
  });

  it('is kept of the last eight only', () => {
    const water = reached(['first']);
    for (let n = 0; n < 8; n++) {
      water.begin([`other-${n}`], 1);
      water.reached(FIRST);
    }
    expect(water.begin(['first'], 2)).toBe(EVERYWHERE);
    expect(water.begin(['other-0'], 2)).toBe(MARK);
  });

  it('is dropped on demand, also of a claim under way', () => {
    const water = reached(['a']);
    water.begin(['a'], 1);
    water.drop();
    water.reached(FIRST);
    expect(water.begin(['a'], 2)).toBe(EVERYWHERE);
  });

  it('is dropped on demand', () => {
    const water = reached(['a']);
    water.drop();
    expect(water.begin(['a'], 1)).toBe(EVERYWHERE);
  });

  it('does not lie before the beginning of time', () => {
    const water = new LowWater();
    water.begin(['a'], 0);
    water.reached(5);
    expect(water.begin(['a'], 1)).toBe(0);
  });
});
