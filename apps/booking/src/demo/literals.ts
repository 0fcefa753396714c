import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From `dist/demo` as from `src/demo`: the compiler copies no text files. */
const SOURCE = new URL('../../src/demo/', import.meta.url);
/** The folder of the request bodies. */
export const GIVEN = fileURLToPath(new URL('given', SOURCE));
const DOCUMENTED_ORIGIN = 'https://yourservices';

/** A request body as it stands in `given/`, addressed to `origin` instead of the documented host. */
export function given(name: string, origin = DOCUMENTED_ORIGIN): Record<string, unknown> {
  const text = readFileSync(new URL(`given/${name}.json`, SOURCE), 'utf8');
  return JSON.parse(text.replaceAll(DOCUMENTED_ORIGIN, origin)) as Record<string, unknown>;
}

/** What must happen, literally: the files of `expected/`, or of another folder. */
export class Expectations {
  constructor(private readonly folder: string | undefined) {}

  /** The text of a file without its final line break. */
  read(name: string): string {
    const file = this.folder === undefined ? new URL(`expected/${name}`, SOURCE) : `${this.folder}/${name}`;
    return readFileSync(file, 'utf8').replace(/\n$/, '');
  }
}
