import { inChunks } from './chunks.js';

describe('inChunks', () => {
  it.each([
    { count: 0, sizes: [] },
    { count: 1, sizes: [1] },
    { count: 8, sizes: [5, 2, 1] },
    { count: 200, sizes: [200] },
    { count: 450, sizes: [200, 200, 50] },
  ])('cuts $count rows into $sizes, in order', ({ count, sizes }) => {
    const rows = Array.from({ length: count }, (_, index) => index);
    const chunks = inChunks(rows);
    expect(chunks.map(({ length }) => length)).toEqual(sizes);
    expect(chunks.flat()).toEqual(rows);
  });
});
