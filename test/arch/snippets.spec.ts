import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cruise.js';

/** `<!-- from path -->` and the code block that follows it. */
const SNIPPET = /<!-- from (\S+) -->\s+```\w+\n([\s\S]*?)```/g;
/** Stands for lines that are left out. */
const GAP = /^\s*…\s*$/m;

interface Snippet {
  readonly page: string;
  readonly source: string;
  readonly parts: readonly string[];
}

function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

function withoutIndent(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

const snippets: Snippet[] = pages().flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(SNIPPET)].map(([, source, code]) => ({
    page,
    source: source!,
    parts: code!.split(GAP).map(withoutIndent),
  })),
);

describe('the code in the documentation', () => {
  it('is quoted in several places', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(8);
  });

  it.each(snippets)('on $page is what stands in $source', ({ source, parts }) => {
    const code = withoutIndent(readFileSync(join(ROOT, source), 'utf8'));
    let from = 0;
    for (const part of parts) {
      expect(code.slice(from)).toContain(part);
      from = code.indexOf(part, from) + part.length;
    }
  });

  it.each(pages())('on %s links only to files that are there', (page) => {
    const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
    const folder = join(ROOT, page, '..');
    for (const [, target] of links) expect(() => readFileSync(join(folder, target!))).not.toThrow();
  });
});
