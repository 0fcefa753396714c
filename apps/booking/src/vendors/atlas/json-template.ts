/** A part of a JSON text that is only known when an event is sent. */
class Liquid {
  constructor(readonly text: string) {}
}

/** What a JSON text is made of: values as they stand, and parts that an event fills in. */
export type Shape =
  Liquid | string | number | boolean | null | readonly Shape[] | { readonly [name: string]: Shape };

/** The value of a field, of its own type. */
export function field(path: string): Liquid {
  return new Liquid(`{{ ${path} | json }}`);
}

/** A time as `2023-07-24 19:50:00`: converted to the zone if one is named, otherwise as the clock on the wall shows it. */
export function time(path: string, zone?: string): Liquid {
  const inZone = zone === undefined ? '' : `, '${zone}'`;
  return new Liquid(`{{ ${path} | date: '%Y-%m-%d %H:%M:%S'${inZone} | json }}`);
}

/** A number in place of a value. */
export function code(path: string, codes: Readonly<Record<string, number>>, otherwise: number): Liquid {
  const whens = Object.entries(codes).map(([value, number]) => `{% when '${value}' %}${number}`);
  return new Liquid(`{% case ${path} %}${whens.join('')}{% else %}${otherwise}{% endcase %}`);
}

/** One of two numbers. */
export function either(condition: string, number: number, otherwise: number): Liquid {
  return new Liquid(`{% if ${condition} %}${number}{% else %}${otherwise}{% endif %}`);
}

/** A list with an element of this shape for each one of the field's list. */
export function each(path: string, name: string, shape: Shape): Liquid {
  const comma = '{% unless forloop.last %},{% endunless %}';
  return new Liquid(`[{% for ${name} in ${path} %}${jsonTemplate(shape)}${comma}{% endfor %}]`);
}

/**
 * The text of a `raw_body` that renders as this JSON. A `json_body` has the form of what it sends; this also makes lists of
 * lists, and numbers of words.
 */
export function jsonTemplate(shape: Shape): string {
  if (shape instanceof Liquid) return shape.text;
  if (Array.isArray(shape)) return `[${shape.map(jsonTemplate).join(',')}]`;
  if (shape === null || typeof shape !== 'object') return JSON.stringify(shape);
  const members = Object.entries(shape).map(
    ([name, value]) => `${JSON.stringify(name)}:${jsonTemplate(value as Shape)}`,
  );
  return `{${members.join(',')}}`;
}
