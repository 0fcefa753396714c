import type { WriteStream } from 'node:tty';
import { paintFor, wantsColour } from './paint.js';

const TERMINAL = { isTTY: true, hasColors: () => true } as unknown as WriteStream;
const PIPE = { isTTY: false } as unknown as WriteStream;

describe('colours', () => {
  it.each([
    { where: 'on a terminal', out: TERMINAL, env: {}, wanted: true },
    { where: 'in a pipe', out: PIPE, env: {}, wanted: false },
    { where: 'in a pipe with FORCE_COLOR', out: PIPE, env: { FORCE_COLOR: '1' }, wanted: true },
    { where: 'on a terminal with FORCE_COLOR=0', out: TERMINAL, env: { FORCE_COLOR: '0' }, wanted: false },
    { where: 'on a terminal with NO_COLOR', out: TERMINAL, env: { NO_COLOR: '1' }, wanted: false },
    { where: 'with both', out: PIPE, env: { NO_COLOR: '1', FORCE_COLOR: '1' }, wanted: false },
  ])('$where: $wanted', ({ out, env, wanted }) => {
    expect(wantsColour(out, env)).toBe(wanted);
  });

  it('leaves text as it is where they are not wanted', () => {
    expect(paintFor(false).red('x')).toBe('x');
    expect(paintFor(true).red('x')).toBe('\x1b[31mx\x1b[39m');
  });
});
