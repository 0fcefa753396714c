import type { LeafSource } from '../leaf-source.js';
import type { Evaluate, Leaf } from '../leaf.js';
import { compileGetter } from '../own-value.js';
import { parsePlainPath } from '../plain-path.js';
import { checkUrlText } from '../url-form.js';
import { encodeUrlLiteral } from '../url-encoding.js';
import { engine } from './engine.js';
import { TemplateParser } from './parse-template.js';
import { parseValue } from './parse-value.js';
import { Scope } from './scope.js';
import { TokenCursor } from './token-cursor.js';
import { TemplateTranslator, type Writing } from './translate-template.js';
import { ValueTranslator } from './translate-value.js';

const URL_WRITING: Writing = {
  outputFilter: (inPath) => (inPath ? ' | _segment' : ' | _url'),
  literal(text) {
    checkUrlText(text);
    return encodeUrlLiteral(text);
  },
};

/**
 * Compiles a template string with filters or tags.
 *
 * @throws TemplateError
 */
export function compileLiquidLeaf(leaf: LeafSource): Leaf {
  return leaf.tokens.some(({ kind }) => kind === 'tag') ? compileTagged(leaf) : compileOutputs(leaf);
}

/** Without tags every placeholder is on its own: one alone keeps its type, the others are read by getters. */
function compileOutputs({ tokens, path, fields }: LeafSource): Leaf {
  const parts = tokens.map((token) => {
    if (token.kind === 'text') return token.text;
    return compileOutput(token.kind === 'output' ? token.expression : '', path, fields);
  });
  return { path, parts, exact: parts.length === 1, needsEngine: true };
}

function compileOutput(expression: string, path: string, fields: LeafSource['fields']): Evaluate {
  const keys = parsePlainPath(expression);
  if (keys !== null) return compileGetter(fields.resolve(keys, path));
  const cursor = new TokenCursor(expression, path);
  const value = parseValue(cursor);
  cursor.end();
  const { source } = new ValueTranslator(fields, new Scope([]), path).value(value);
  return engine().compileValue(source, path);
}

/** With tags the rest behind the first literal text is one program: what it assigns is read further on. */
function compileTagged({ tokens, path, fields, place }: LeafSource): Leaf {
  const nodes = new TemplateParser(tokens, path).parse();
  const [first] = nodes;
  const head = first?.kind === 'text' ? first.text : '';
  const isUrl = place === 'url';
  const program = first?.kind === 'text' ? nodes.slice(1) : nodes;
  const translator = new TemplateTranslator(nodes, fields, path, isUrl ? URL_WRITING : {});
  if (isUrl && /[?#]/.test(head)) translator.leavePath();
  const evaluate = engine().compileText(translator.template(program), path);
  return { path, parts: [head, evaluate], exact: false, needsEngine: true, isEncoded: isUrl };
}
