import fc from 'fast-check';
import { compileLeaf } from './compile-leaf.js';
import { KnownFields } from './known-fields.js';
import { jsonOf, renderText, type Leaf } from './leaf.js';
import { event, plainPath } from './random-templates.spec-support.js';
import { renderingOf } from './rendering.spec-support.js';

const FIELDS = new KnownFields({});
const BOUNDED = { numRuns: 1000, interruptAfterTimeLimit: 8000, markInterruptAsFailure: false } as const;

function compile(source: string): Leaf {
  return compileLeaf(source, 'json_body.x', FIELDS);
}

function valueOf(leaf: Leaf, data: Record<string, unknown>): string {
  const [only] = leaf.parts;
  return typeof only === 'function' ? jsonOf(only(renderingOf(data))) : 'no value';
}

describe('The fast path', () => {
  it('gives every plain placeholder the value that the engine gives it', () => {
    fc.assert(
      fc.property(event, plainPath, (data, path) => {
        const fast = compile(`{{ ${path} }}`);
        // A default that is nothing changes nothing, and sends the placeholder through the engine.
        const slow = compile(`{{ ${path} | default: nil, allow_false: true }}`);
        expect([fast.needsEngine, slow.needsEngine]).toEqual([false, true]);
        const expected = valueOf(fast, data);
        // An empty text or list is what `default` replaces.
        expect(valueOf(slow, data)).toBe(expected === '""' || expected === '[]' ? 'null' : expected);
      }),
      BOUNDED,
    );
  });

  it('writes every plain placeholder into text as the engine does', () => {
    fc.assert(
      fc.property(event, plainPath, plainPath, (data, first, second) => {
        const fast = compile(`a {{ ${first} }} b {{- ${second} -}} c`);
        const slow = compile(`{% if true %}a {{ ${first} }} b {{- ${second} -}} c{% endif %}`);
        expect([fast.needsEngine, slow.needsEngine]).toEqual([false, true]);
        expect(renderText(slow, renderingOf(data))).toBe(renderText(fast, renderingOf(data)));
      }),
      BOUNDED,
    );
  });

  it('takes every plain path into loops, arguments and conditions as it is', () => {
    fc.assert(
      fc.property(event, plainPath, (data, path) => {
        const value = valueOf(compile(`{{ ${path} }}`), data);
        const assigned = compile(`{% assign x = ${path} %}{{ x | json }}`);
        expect(renderText(assigned, renderingOf(data))).toBe(value);
        const argument = compile(`{{ nil | default: ${path} | json }}`);
        expect(renderText(argument, renderingOf(data))).toBe(value);
      }),
      BOUNDED,
    );
  });
});

/** Text made of what could be mistaken for syntax, and of anything. */
const trickyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        '{',
        '}',
        '%',
        '"',
        "'",
        '\\',
        '\\u0041',
        '\n',
        ' ',
        '-',
        '#',
        '|',
        '\u2028',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('What is written literally', () => {
  it('reaches the engine as any string in quotes says it', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
        expect(valueOf(compile(`{{ ${quoted} }}`), {})).toBe(jsonOf(text));
        expect(renderText(compile(`{% assign x = ${quoted} %}{{ x }}`), renderingOf({}))).toBe(text);
      }),
      BOUNDED,
    );
  });

  it('comes out of raw and out of conditions as it is', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const raw = `{% if true %}{% raw %}${text}{% endraw %}{% endif %}`;
        expect(renderText(compile(raw), renderingOf({}))).toBe(text);
        const plain = text.replace(/[{}%]+/g, '{ } %');
        expect(renderText(compile(`{% if true %}${plain}{% endif %}`), renderingOf({}))).toBe(plain);
      }),
      BOUNDED,
    );
  });
});
