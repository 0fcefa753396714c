import type { FieldMetadata, ReadClass, ValidationRule } from './class-metadata.js';
import type { Class } from './event-class.js';

type Accepts = (object: object, value: unknown) => boolean;

// Closures and objects are made here, once, wherever they can be: an event has some seventy values to be judged.
function acceptsRule(rule: ValidationRule, targetName: string, property: string): Accepts {
  const { judges, validateIf, each } = rule;
  const constraints = rule.constraints as unknown[];
  const accepts: Accepts = (object, value) => {
    const args = { targetName, property, object, value, constraints };
    for (const judge of judges) if (judge().validate(value, args) !== true) return false;
    return true;
  };
  const acceptsEach: Accepts = (object, value) => {
    const args = { targetName, property, object, value, constraints };
    const acceptsOne = (element: unknown): boolean =>
      judges.every((judge) => judge().validate(element, args) === true);
    return Array.isArray(value) ? value.every(acceptsOne) : !isCollection(value) && acceptsOne(value);
  };
  const judged = each ? acceptsEach : accepts;
  return validateIf ? (object, value) => !validateIf(object, value) || judged(object, value) : judged;
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
    if (fields === undefined) this.classes.set(objectClass, (fields = this.compile(objectClass)));
    return fields;
  }

  private compile(objectClass: Class): readonly ((object: object) => boolean)[] | null {
    const { fields, hasValidators } = this.read(objectClass);
    if (!hasValidators || fields.some(({ awaited }) => awaited)) return null;
    return fields.map((field) => this.compileField(field, objectClass.name));
  }

  private compileField(field: FieldMetadata, targetName: string): (object: object) => boolean {
    const { name, conditions, rules, nested, unconditional } = field;
    const checks = rules.map((rule) => acceptsRule(rule, targetName, name));
    return (object) => {
      const value = (object as Record<string, unknown>)[name];
      for (const condition of conditions) if (!condition(object, value)) return true;
      if (value === undefined && unconditional) return false;
      for (const accepts of checks) if (!accepts(object, value)) return false;
      return !nested || this.acceptsNested(value);
    };
  }

  private acceptsNested(value: unknown): boolean {
    if (value === undefined) return true;
    if (Array.isArray(value)) return value.every((element) => this.acceptsNested(element));
    return value instanceof Object && !isCollection(value) && this.accepts(value);
  }
}
