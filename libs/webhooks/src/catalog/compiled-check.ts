import type { ClassMetadata, FieldMetadata, ReadClass, ValidationRule } from './class-metadata.js';
import type { Class } from './event-class.js';

type Accepts = (object: object, value: unknown) => boolean;

function acceptsRule(rule: ValidationRule, property: string): Accepts {
  return (object, value) => {
    if (rule.validateIf && !rule.validateIf(object, value)) return true;
    const args = {
      targetName: object.constructor.name,
      property,
      object,
      value,
      constraints: rule.constraints as unknown[],
    };
    const accepts = (judged: unknown) =>
      rule.judges.every((judge) => judge().validate(judged, args) === true);
    if (!rule.each) return accepts(value);
    return Array.isArray(value) ? value.every(accepts) : !isCollection(value) && accepts(value);
  };
}

function isCollection(value: unknown): boolean {
  return value instanceof Set || value instanceof Map;
}

/**
 * A quick yes: class-validator's own validators, found once per class and called without the executor around them.
 * It says yes only if class-validator would; its no means "ask class-validator".
 *
 * class-validator searches its metadata and its container anew for every value, so its cost grows with the number of
 * validators in the whole application; this one's does not.
 */
export class CompiledCheck {
  private readonly classes = new WeakMap<Class, readonly ((object: object) => boolean)[] | null>();

  constructor(private readonly read: ReadClass) {}

  /** True when every field of the object, and of the objects nested in it, is surely valid and present. */
  accepts(object: object): boolean {
    const fields = this.fieldsOf(object.constructor as Class);
    return fields !== null && fields.every((accepts) => accepts(object));
  }

  private fieldsOf(objectClass: Class): readonly ((object: object) => boolean)[] | null {
    let fields = this.classes.get(objectClass);
    if (fields === undefined) this.classes.set(objectClass, (fields = this.compile(this.read(objectClass))));
    return fields;
  }

  private compile({ fields, hasValidators }: ClassMetadata): readonly ((object: object) => boolean)[] | null {
    if (!hasValidators || fields.some(({ awaited }) => awaited)) return null;
    return fields.map((field) => this.compileField(field));
  }

  private compileField(field: FieldMetadata): (object: object) => boolean {
    const { name, conditions, rules, nested, unconditional } = field;
    const checks = rules.map((rule) => acceptsRule(rule, name));
    return (object) => {
      const value = (object as Record<string, unknown>)[name];
      if (!conditions.every((condition) => condition(object, value))) return true;
      if (value === undefined && unconditional) return false;
      return checks.every((accepts) => accepts(object, value)) && (!nested || this.acceptsNested(value));
    };
  }

  private acceptsNested(value: unknown): boolean {
    if (value === undefined) return true;
    if (Array.isArray(value)) return value.every((element) => this.acceptsNested(element));
    return value instanceof Object && !isCollection(value) && this.accepts(value);
  }
}
