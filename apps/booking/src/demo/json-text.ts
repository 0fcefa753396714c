import type { Paint } from './paint.js';

/** The fields of larger objects share lines, like those of list entries; smaller ones have a line for each field. */
const ROOMY = 6;

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function oneLine(value: unknown): string {
  if (!isContainer(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const fields = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${oneLine(inner)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** Puts short pieces beside each other as long as a line has room; a piece of several lines stands alone. */
function packed(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const fits = last !== undefined && !`${last}${piece}`.includes('\n');
    if (fits && last.length + 1 + piece.length <= width) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}

/** JSON for reading: what fits in `width` columns stays on one line. */
export function readableJson(value: unknown, width: number, inList = false): string {
  const line = oneLine(value);
  if (line.length <= width || !isContainer(value)) return line;
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const pieces = entries.map(([name, inner], index) => {
    const label = list ? '' : `${JSON.stringify(name)}: `;
    const comma = index < entries.length - 1 ? ',' : '';
    const short = oneLine(inner);
    const fits = label.length + short.length + 3 <= width;
    return `${label}${fits ? short : readableJson(inner, width - 2, list)}${comma}`;
  });
  const lines = !list && (inList || entries.length > ROOMY) ? packed(pieces, width - 2) : pieces;
  const [open, close] = list ? '[]' : '{}';
  return `${open}\n${indented(lines.join('\n'), 2)}\n${close}`;
}

/** Moves every line to the right. */
export function indented(text: string, columns: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(columns));
}

/** Gives names, texts and numbers of JSON each their colour. */
export function colouredJson(json: string, paint: Paint): string {
  const tokens = /("(?:[^"\\]|\\.)*")(:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?/g;
  return json.replaceAll(tokens, (token: string, text?: string, colon?: string) => {
    if (text === undefined) return paint.yellow(token);
    return colon === undefined ? paint.green(text) : `${paint.cyan(text)}:`;
  });
}
