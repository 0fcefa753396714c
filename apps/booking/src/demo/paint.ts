import type { WriteStream } from 'node:tty';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** Dyes text, or leaves it as it is where colours are not wanted. */
export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `NO_COLOR` and `FORCE_COLOR` decide; otherwise a terminal that has colours gets them and a file or pipe does not. */
export function wantsColour(out: WriteStream, env: Environment): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return out.isTTY && out.hasColors();
}

/** The dyes for one output. */
export function paintFor(coloured: boolean): Paint {
  const dye = ([on, off]: readonly [number, number]) =>
    coloured ? (text: string) => `\x1b[${on}m${text}\x1b[${off}m` : (text: string) => text;
  const dyes = Object.entries(CODES).map(([name, codes]) => [name, dye(codes)] as const);
  return Object.fromEntries(dyes) as Paint;
}
