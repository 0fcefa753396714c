import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cruise.js';

const SAMPLE = 'apps/booking/src';
/** What is there for webhooks only, or only shows the rest. */
const APART = ['webhooks', 'vendors', 'demo', 'load'];
const IMPORT = /import (?:type )?\{([^}]+)\} from '([^']+)'/g;
const FROM_WEBHOOKS = /^nestjs-webhooks|^(\.{1,2}\/)+webhooks\//;
const HELD = /private readonly (\w+): (\w+)/g;

/** The lines of a file of the sample that would not be there without webhooks. */
export interface WebhookLines {
  readonly file: string;
  readonly lines: readonly string[];
}

/** A line counts when it names what is imported from the library or from `webhooks/`, or a member that holds one. */
function linesOf(file: string): WebhookLines {
  const text = readFileSync(join(ROOT, SAMPLE, file), 'utf8');
  const imported = [...text.matchAll(IMPORT)]
    .filter(([, , from]) => FROM_WEBHOOKS.test(from!))
    .flatMap(([, names]) => names!.split(',').map((name) => name.replace('type ', '').trim()))
    .filter((name) => name !== '');
  const held = [...text.matchAll(HELD)]
    .filter(([, , type]) => imported.includes(type!))
    .map(([, name]) => `this.${name}`);
  const marks = [...imported, ...held].map((mark) => new RegExp(`(^|[^\\w.]|\\.{3})${mark}\\b`));
  const lines = text.split('\n').filter((line) => marks.some((mark) => mark.test(line)));
  return { file, lines: lines.map((line) => line.trim()) };
}

/** Of each file that has any, in the order of their names. */
export function webhookLines(): WebhookLines[] {
  const all = readdirSync(join(ROOT, SAMPLE), { recursive: true, encoding: 'utf8' });
  return all
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .filter((file) => !APART.includes(file.split('/')[0]!))
    .sort()
    .map(linesOf)
    .filter(({ lines }) => lines.length > 0);
}
