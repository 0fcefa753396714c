/** What a value looks like: the part of JSON Schema that queries, bodies and answers of this API need. */
export interface Field {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Field;
  readonly nullable?: boolean;
  readonly required?: boolean;
  readonly default?: string | number | boolean;
  readonly additionalProperties?: boolean | { readonly type: string };
}

/** Members of a query or of a body, by name. */
export type Fields = Readonly<Record<string, Field>>;

type More = Partial<Omit<Field, 'type' | 'description'>>;

const MAX_TEXT = 500;

/** Some text. */
export const text = (description: string, more: More = {}): Field => ({
  ...{ type: 'string', description, maxLength: MAX_TEXT },
  ...more,
});

/** A moment. */
export const time = (description: string, more: More = {}): Field => ({
  ...{ type: 'string', format: 'date-time', description: `${description} ISO 8601.` },
  ...more,
});

/** A whole number. */
export const whole = (description: string, more: More = {}): Field => ({
  ...{ type: 'integer', description },
  ...more,
});

/** True or false. */
export const flag = (description: string, more: More = {}): Field => ({
  ...{ type: 'boolean', description },
  ...more,
});

/** One of these words. */
export const oneOf = (words: readonly string[], description: string, more: More = {}): Field => ({
  ...{ type: 'string', enum: words, description },
  ...more,
});

/** Some texts. In a query: separated by commas. */
export const texts = (description: string, more: More = {}): Field => ({
  ...{ type: 'array', items: { type: 'string', maxLength: MAX_TEXT }, maxItems: 100, description },
  ...more,
});

/** An object whose members are the caller's matter, or another's to judge. */
export const record = (description: string, more: More = {}): Field => ({
  ...{ type: 'object', additionalProperties: true, description },
  ...more,
});
