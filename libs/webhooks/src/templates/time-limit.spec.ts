import { TemplateError } from '../errors/template-error.js';
import { cpuTime } from '../internal/cpu-time.spec-support.js';
import { renderingOf } from './rendering.spec-support.js';
import { templateErrorOf } from './template-error.spec-support.js';
import { TIME_LIMIT, TimeBudget, withinTime } from './time-limit.js';

function forever(): never {
  for (let count = 0; ; count += 1) if (count < 0) break;
  throw new Error('There is no end to it.');
}

describe('withinTime', () => {
  it('gives back what the work gives, and throws what it throws', () => {
    const rendering = renderingOf({});
    const error = new TypeError('its own');
    expect(withinTime(rendering, () => 7)).toBe(7);
    expect(() =>
      withinTime(rendering, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('interrupts work without end, and says where it was', () => {
    const rendering = renderingOf({});
    const [start, used] = [performance.now(), cpuTime()];

    const error = templateErrorOf(() =>
      withinTime(rendering, () => {
        rendering.path = 'json_body.slow';
        return forever();
      }),
    );

    expect(error).toMatchObject({ code: 'TEMPLATE_RENDER_LIMIT', path: 'json_body.slow' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(TIME_LIMIT * 0.9);
    expect(cpuTime() - used).toBeLessThan(TIME_LIMIT * 20);
    expect(withinTime(rendering, () => 'still works')).toBe('still works');
  });

  it('tries once more when the time went by without work', () => {
    let tries = 0;
    const wait = new Int32Array(new SharedArrayBuffer(4));
    const result = withinTime(renderingOf({}), () => {
      tries += 1;
      if (tries === 1) {
        Atomics.wait(wait, 0, 0, TIME_LIMIT * 2);
        for (let count = 0; count < 1e4; count += 1) Math.sqrt(count);
      }
      return tries;
    });
    expect(result).toBe(2);
  });

  it('gives the engine a second try too', () => {
    let tries = 0;
    const wait = new Int32Array(new SharedArrayBuffer(4));
    const result = withinTime(renderingOf({}), () => {
      tries += 1;
      if (tries > 1) return tries;
      Atomics.wait(wait, 0, 0, TIME_LIMIT / 2);
      const cause = new Error('template render limit exceeded');
      throw new TemplateError('TEMPLATE_RENDER_LIMIT', 'url', 'It takes too long.', { cause });
    });
    expect(result).toBe(2);
  });

  it('gives what is too large no second try', () => {
    let tries = 0;
    const error = templateErrorOf(() =>
      withinTime(renderingOf({}), () => {
        tries += 1;
        throw new TemplateError('TEMPLATE_RENDER_LIMIT', 'url', 'It is too long.');
      }),
    );
    expect([error.code, tries]).toEqual(['TEMPLATE_RENDER_LIMIT', 1]);
  });
});

describe('a time budget', () => {
  it('is shared by the renderings of one request: the second has what the first has left', () => {
    const budget = new TimeBudget();
    budget.spend(TIME_LIMIT - 20);
    expect(budget.left).toBe(20);
    withinTime(renderingOf({}), () => 'quick', budget);
    expect(budget.left).toBeLessThanOrEqual(20);
    budget.spend(TIME_LIMIT);

    // One millisecond is left: enough to begin, and not enough for work without an end.
    expect(() => withinTime(renderingOf({}), forever, budget)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_RENDER_LIMIT' }),
    );
  });
});
