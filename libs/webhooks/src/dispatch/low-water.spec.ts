import { EVERYWHERE, LowWater } from './low-water.js';

const LATE_MS = 60_000;
const FIRST = [1_000_000, 2_000_000, 3_000_000];
const MARKS = FIRST.map((dueAt) => dueAt - LATE_MS);

function reached(leftOut: readonly string[]): LowWater {
  const water = new LowWater();
  water.begin(leftOut, 0);
  water.reached(FIRST);
  return water;
}

describe('the low-water mark', () => {
  it('lets the next claim begin behind those who are left out, with room for late commits', () => {
    expect(reached(['a']).begin(['a'], 1)).toEqual(MARKS);
  });

  it('holds when more are left out', () => {
    expect(reached(['a']).begin(['a', 'b'], 1)).toEqual(MARKS);
  });

  it('is dropped when one of them comes back', () => {
    expect(reached(['a', 'b']).begin(['b', 'c'], 1)).toEqual(EVERYWHERE);
  });

  it('is dropped when nobody is left out', () => {
    expect(reached(['a']).begin([], 1)).toEqual(EVERYWHERE);
    expect(reached([]).begin([], 1)).toEqual(EVERYWHERE);
  });

  it('is dropped every 30 seconds', () => {
    const water = reached(['a']);
    expect(water.begin(['a'], 30_000)).toEqual(MARKS);
    expect(water.begin(['a'], 30_001)).toEqual(EVERYWHERE);
  });

  it('of all of them holds again after some have come back, and gone', () => {
    const water = reached(['a', 'b', 'c']);
    water.begin(['a'], 1);
    water.reached([LATE_MS, LATE_MS, 9_000_000]);

    expect(water.begin(['a', 'b'], 2)).toEqual([0, 0, 9_000_000 - LATE_MS]);
    expect(water.begin(['c', 'b', 'a'], 3)).toEqual([MARKS[0], MARKS[1], 9_000_000 - LATE_MS]);
  });

  it('that rests on another one is dropped with it', () => {
    const water = reached(['a']);
    water.begin(['a', 'b'], 20_000);
    water.reached(FIRST);
    expect(water.begin(['a', 'b'], 30_001)).toEqual(EVERYWHERE);
  });

  it('is kept of the last eight only', () => {
    const water = reached(['first']);
    for (let n = 0; n < 8; n++) {
      water.begin([`other-${n}`], 1);
      water.reached(FIRST);
    }
    expect(water.begin(['first'], 2)).toEqual(EVERYWHERE);
    expect(water.begin(['other-0'], 2)).toEqual(MARKS);
  });

  it('is dropped on demand, also of a claim under way', () => {
    const water = reached(['a']);
    water.begin(['a'], 1);
    water.drop();
    water.reached(FIRST);
    expect(water.begin(['a'], 2)).toEqual(EVERYWHERE);
  });

  it('is dropped on demand', () => {
    const water = reached(['a']);
    water.drop();
    expect(water.begin(['a'], 1)).toEqual(EVERYWHERE);
  });

  it('does not lie before the beginning of time', () => {
    const water = new LowWater();
    water.begin(['a'], 0);
    water.reached([0, 5, LATE_MS + 1]);
    expect(water.begin(['a'], 1)).toEqual([0, 0, 1]);
  });
});
