import { createRequire } from 'node:module';
import type * as LiquidModule from 'liquidjs';
import { TemplateError } from '../../errors/template-error.js';
import { checkLength, textOf } from '../leaf.js';
import type { Rendering } from '../rendering.js';
import { FilterError, FilterLimitError } from './filter.js';
import { plainContextOf } from './plain-context.js';
import { registerFilters } from './register-filters.js';

type Module = typeof LiquidModule;
type Template = LiquidModule.Template;

const require = createRequire(import.meta.url);

/** The tags that a translated template can hold. */
const TAGS = new Set(['if', 'unless', 'case', 'for', 'assign', 'break', 'continue']);

/** Milliseconds, and characters or elements, that one template string may use. */
const RENDER_LIMIT = 50;
const MEMORY_LIMIT = 100_000;
/** A translated template may be longer than the 16 kB its author wrote: characters are escaped. */
const PARSE_LIMIT = 131_072;

/** LiquidJS with nothing left in it but what subscribers may use. It takes translated templates only. */
export class Engine {
  private readonly liquid: LiquidModule.Liquid;
  private readonly Context: ReturnType<typeof plainContextOf>;

  constructor(private readonly module: Module) {
    this.liquid = new module.Liquid({
      templates: Object.create(null) as Record<string, string>,
      ownPropertyOnly: true,
      strictFilters: true,
      relativeReference: false,
      dynamicPartials: false,
      groupedExpressions: true,
      cache: false,
      parseLimit: PARSE_LIMIT,
      renderLimit: RENDER_LIMIT,
      memoryLimit: MEMORY_LIMIT,
    });
    for (const name of Object.keys(this.liquid.tags)) if (!TAGS.has(name)) delete this.liquid.tags[name];
    this.Context = plainContextOf(module);
    registerFilters(this.liquid, module.toValue);
  }

  /** Compiles what stands between `{{` and `}}`; its value keeps its type. */
  compileValue(source: string, path: string): (rendering: Rendering) => unknown {
    const [output] = this.parse(`{{ ${source} }}`, path);
    const { Output, toValue, toValueSync } = this.module;
    if (!(output instanceof Output)) throw unreadable(path);
    return (rendering) =>
      guarded(rendering, path, () => toValue(toValueSync(output.value.value(this.context(rendering)))));
  }

  /** Compiles a whole template string. */
  compileText(source: string, path: string): (rendering: Rendering) => string {
    const templates = this.parse(source, path);
    return (rendering) =>
      guarded(rendering, path, () => {
        const written = new TextEmitter(path);
        const task = this.liquid.renderer.renderTemplates(templates, this.context(rendering), written);
        this.module.toValueSync(task);
        return written.buffer;
      });
  }

  private parse(source: string, path: string): Template[] {
    try {
      return this.liquid.parse(source);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  private context({ environment }: Rendering): LiquidModule.Context {
    return new this.Context(environment, this.liquid.options, { sync: true }, { liquid: this.liquid });
  }
}

/** Collects output as our texts are written: lists and objects are compact JSON, and there is an end to it. */
class TextEmitter {
  buffer = '';

  constructor(private readonly path: string) {}

  write(value: unknown): void {
    this.buffer += textOf(value);
    checkLength(this.buffer, this.path);
  }
}

function guarded<T>(rendering: Rendering, path: string, action: () => T): T {
  rendering.path = path;
  try {
    return action();
  } catch (error) {
    throw failure(error, path);
  }
}

// The engine's own errors quote the template, which may hold a password: only what was thrown first is kept.
function failure(error: unknown, path: string): TemplateError {
  const cause = originOf(error);
  if (cause instanceof TemplateError) return cause;
  if (cause instanceof FilterError) {
    const code = cause instanceof FilterLimitError ? 'TEMPLATE_RENDER_LIMIT' : 'TEMPLATE_RENDER_FAILED';
    return new TemplateError(code, path, `${cause.message}.`);
  }
  if (cause instanceof Error && /limit exceeded$/.test(cause.message)) {
    const problem = `The template takes too long or makes too much (${cause.message}). Make it simpler.`;
    return new TemplateError('TEMPLATE_RENDER_LIMIT', path, problem, { cause });
  }
  return new TemplateError(
    'TEMPLATE_RENDER_FAILED',
    path,
    'The template cannot be rendered for this event.',
    {
      cause,
    },
  );
}

function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof Error && 'originalError' in origin) origin = origin.originalError;
  return origin;
}

function unreadable(path: string, cause?: unknown): TemplateError {
  const problem = 'The template cannot be read.';
  return new TemplateError(
    'TEMPLATE_SYNTAX',
    path,
    problem,
    cause === undefined ? {} : { cause: originOf(cause) },
  );
}

class LazyEngine {
  private made: Engine | undefined;

  get(): Engine {
    return (this.made ??= new Engine(require('liquidjs') as Module));
  }
}

const lazy = new LazyEngine();

/** The engine. It is loaded when the first template needs it, which most processes never do (40–90 ms). */
export function engine(): Engine {
  return lazy.get();
}
