/** How much, and how fast. */
export interface LoadOptions {
  readonly orders: number;
  /** Orders a second. */
  readonly rate: number;
}

const DEFAULTS: LoadOptions = { orders: 5_000, rate: 500 };
/** What is remembered of every order must fit into memory. */
const MOST: LoadOptions = { orders: 200_000, rate: 10_000 };

/** Reads `--orders 5000 --rate 500`, also written with `=`; null when that is not what was given. */
export function loadOptions(args: readonly string[]): LoadOptions | null {
  const words = args.flatMap((arg) => arg.split('=', 2));
  const options = { ...DEFAULTS };
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index]!.replace(/^--/, '');
    const value = Number(words[index + 1]);
    if (name !== 'orders' && name !== 'rate') return null;
    if (!Number.isInteger(value) || value < 1 || value > MOST[name]) return null;
    options[name] = value;
  }
  return options;
}
