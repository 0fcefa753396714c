import { encodeUrlPart } from '../url-encoding.js';
import { textFor, type Filter, type MemoryBudget } from './filter.js';
import { jsonOf } from '../leaf.js';

type OnText = (text: string, ...args: string[]) => string;

/** A filter that makes a text of a text; its arguments are texts too. */
function text(least: number, most: number, change: OnText): Filter {
  const run = (memory: MemoryBudget, value: unknown, ...args: unknown[]): string => {
    const result = change(textFor(memory, value), ...args.map((arg) => textFor(memory, arg)));
    memory.use(result.length);
    return result;
  };
  return { args: [least, most], gives: 'text', run };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function escapedOnce(value: string): string {
  return value.replace(/&(?!(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[\da-fA-F]{1,6});)|[<>"']/g, (character) => {
    return ENTITIES[character] ?? character;
  });
}

function withoutTags(value: string): string {
  let kept = '';
  let position = 0;
  for (;;) {
    const opening = value.indexOf('<', position);
    const closing = opening === -1 ? -1 : value.indexOf('>', opening);
    if (closing === -1) return kept + value.slice(position);
    kept += value.slice(position, opening);
    position = closing + 1;
  }
}

function replacedAt(value: string, at: number, found: string, by: string): string {
  return at === -1 ? value : value.slice(0, at) + by + value.slice(at + found.length);
}

function cut(value: string, length = '50', ellipsis = '...'): string {
  const characters = Array.from(value);
  const most = Math.max(0, Math.trunc(Number(length) || 0));
  if (characters.length <= most) return value;
  return characters.slice(0, Math.max(0, most - Array.from(ellipsis).length)).join('') + ellipsis;
}

function cutWords(value: string, count = '15', ellipsis = '...'): string {
  const words = value.trim().split(/\s+/);
  const most = Math.max(1, Math.trunc(Number(count) || 0));
  return words.length <= most ? value : words.slice(0, most).join(' ') + ellipsis;
}

// Replacing can make a text much longer: the result is paid before it exists.
const replace: Filter = {
  args: [1, 2],
  gives: 'text',
  run(memory, value, search, replacement = '') {
    const parts = textFor(memory, value).split(textFor(memory, search));
    memory.use(parts.length);
    const by = textFor(memory, replacement);
    memory.use(by.length * (parts.length - 1));
    return parts.join(by);
  },
};

const json: Filter = {
  args: [0, 0],
  gives: 'text',
  run(memory, value) {
    const result = jsonOf(value);
    memory.use(result.length);
    return result;
  },
};

/** Filters that make a text. */
export const TEXT_FILTERS: Readonly<Record<string, Filter>> = {
  append: text(1, 1, (value, more) => value + more),
  prepend: text(1, 1, (value, more) => more + value),
  upcase: text(0, 0, (value) => value.toUpperCase()),
  downcase: text(0, 0, (value) => value.toLowerCase()),
  capitalize: text(0, 0, (value) => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase()),
  strip: text(0, 0, (value) => value.trim()),
  lstrip: text(0, 0, (value) => value.trimStart()),
  rstrip: text(0, 0, (value) => value.trimEnd()),
  strip_newlines: text(0, 0, (value) => value.replace(/\r?\n/g, '')),
  newline_to_br: text(0, 0, (value) => value.replace(/\r?\n/g, '<br />\n')),
  strip_html: text(0, 0, withoutTags),
  squish: text(0, 0, (value) => value.trim().replace(/\s+/g, ' ')),
  remove: text(1, 1, (value, found = '') => value.split(found).join('')),
  remove_first: text(1, 1, (value, found = '') => replacedAt(value, value.indexOf(found), found, '')),
  remove_last: text(1, 1, (value, found = '') => replacedAt(value, value.lastIndexOf(found), found, '')),
  replace,
  replace_first: text(2, 2, (value, found = '', by = '') =>
    replacedAt(value, value.indexOf(found), found, by),
  ),
  replace_last: text(2, 2, (value, found = '', by = '') =>
    replacedAt(value, value.lastIndexOf(found), found, by),
  ),
  truncate: text(0, 2, cut),
  truncatewords: text(0, 2, cutWords),
  escape: text(0, 0, escaped),
  escape_once: text(0, 0, escapedOnce),
  url_encode: text(0, 0, (value) => encodeUrlPart(value).replace(/%20/g, '+')),
  base64_encode: text(0, 0, (value) => Buffer.from(value).toString('base64')),
  json,
};
