import { TemplateError } from '../errors/template-error.js';
import { parsePlainPath } from './plain-path.js';
import type { LeafSource } from './plain-leaf.js';

const ADVICE = 'Write a plain placeholder such as {{pnr}} or {{passengers[0].name}}.';
const SHOWN = 80;

/** Says why a template string that is more than plain placeholders is not accepted. */
export function refuseLeaf({ tokens, path }: LeafSource): TemplateError {
  for (const token of tokens) {
    if (token.kind === 'tag') return refuseTag(token.source, path);
    if (token.kind === 'output' && parsePlainPath(token.expression) === null) {
      return refuseExpression(token.expression, path);
    }
  }
  return new TemplateError('TEMPLATE_SYNTAX', path, `The template cannot be read. ${ADVICE}`);
}

function refuseTag(source: string, path: string): TemplateError {
  const name = /^\{%-?\s*(\w+)/.exec(source)?.[1];
  const problem = `The tag ${name === undefined ? '' : `"${shown(name)}" `}is not allowed. ${ADVICE}`;
  return new TemplateError('TEMPLATE_TAG_NOT_ALLOWED', path, problem);
}

function refuseExpression(expression: string, path: string): TemplateError {
  const filter = /\|\s*([A-Za-z_]\w*)/.exec(expression.replace(/"[^"]*"|'[^']*'/g, ''))?.[1];
  if (filter !== undefined) {
    const problem = `"{{ ${shown(expression)} }}": there is no filter "${shown(filter)}". ${ADVICE}`;
    return new TemplateError('TEMPLATE_UNKNOWN_FILTER', path, problem);
  }
  const problem = `"{{ ${shown(expression)} }}" is not the path of a field. ${ADVICE}`;
  return new TemplateError('TEMPLATE_SYNTAX', path, problem);
}

function shown(source: string): string {
  return source.length > SHOWN ? `${source.slice(0, SHOWN)}…` : source;
}
