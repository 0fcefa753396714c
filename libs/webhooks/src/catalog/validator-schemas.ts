import type { JsonSchema } from '../internal/json-schema.js';
import type { ValidationRule } from './class-metadata.js';

type Converter = (constraints: readonly unknown[]) => JsonSchema;

const always =
  (schema: JsonSchema): Converter =>
  () =>
    schema;
const text = (format: string): Converter => always({ type: 'string', format });
const bound =
  (
    type: string,
    keyword: 'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'minItems' | 'maxItems',
  ): Converter =>
  ([limit]) => ({ type, [keyword]: limit });

function patternOf([pattern, modifiers]: readonly unknown[]): JsonSchema {
  const expression =
    pattern instanceof RegExp ? pattern : new RegExp(String(pattern), String(modifiers ?? ''));
  // A schema's pattern knows no flags; what it cannot express is left to the validators.
  if (/[imsvy]/.test(expression.flags)) return { type: 'string' };
  try {
    new RegExp(expression.source, 'u');
    return { type: 'string', pattern: expression.source };
  } catch {
    return { type: 'string' };
  }
}

function lengthOf([minLength, maxLength]: readonly unknown[]): JsonSchema {
  return {
    type: 'string',
    minLength: Number(minLength),
    ...(typeof maxLength === 'number' && { maxLength }),
  };
}

const CONVERTERS: Readonly<Record<string, Converter>> = {
  isString: always({ type: 'string' }),
  isBoolean: always({ type: 'boolean' }),
  isNumber: always({ type: 'number' }),
  isInt: always({ type: 'integer' }),
  isPositive: always({ type: 'number', exclusiveMinimum: 0 }),
  isNegative: always({ type: 'number', maximum: 0 }),
  isDivisibleBy: always({ type: 'number' }),
  min: bound('number', 'minimum'),
  max: bound('number', 'maximum'),
  minLength: bound('string', 'minLength'),
  maxLength: bound('string', 'maxLength'),
  isLength: lengthOf,
  matches: patternOf,
  isNotEmpty: always({ minLength: 1 }),
  isIn: ([values]) => (Array.isArray(values) ? { enum: values as unknown[] } : {}),
  isEnum: ([entity, values]) => ({ enum: (values ?? Object.values(Object(entity) as object)) as unknown[] }),
  equals: ([value]) => (Object(value) === value || value === undefined ? {} : { const: value }),
  isArray: always({ type: 'array' }),
  arrayNotEmpty: always({ type: 'array', minItems: 1 }),
  arrayMinSize: bound('array', 'minItems'),
  arrayMaxSize: bound('array', 'maxItems'),
  arrayUnique: always({ type: 'array' }),
  arrayContains: always({ type: 'array' }),
  arrayNotContains: always({ type: 'array' }),
  isObject: always({ type: 'object' }),
  isNotEmptyObject: always({ type: 'object' }),
  isInstance: always({ type: 'object' }),
  isEmail: text('email'),
  isUrl: text('uri'),
  isUuid: text('uuid'),
  // Formats annotate in 2020-12: a date without a time stays valid.
  isIso8601: text('date-time'),
  isDateString: text('date-time'),
  isRFC3339: text('date-time'),
  isDate: text('date-time'),
  isFqdn: text('hostname'),
};

/** The other validators of class-validator that let nothing but text pass. */
const TEXT_VALIDATORS = new Set(
  `IsFirebasePushId contains notContains isAlpha isAlphanumeric isAscii isBIC isBase32 isBase58 isBase64 isBooleanString isBtcAddress
  isByteLength isCreditCard isCurrency isDataURI isDecimal isEAN isEthereumAddress isFullWidth isHSL isHalfWidth isHash
  isHexColor isHexadecimal isIBAN isIdentityCard isIp isIsin isISO31661Alpha2 isISO31661Alpha3 isISO31661Numeric isISO4217CurrencyCode
  isISO6391 isISRC isISSN isIsbn isJson isJwt isLocale isLowercase isMacAddress isMagnetURI isMilitaryTime isMimeType
  isMobilePhone isMongoId isMultibyte isNumberString isOctal isPassportNumber isPhoneNumber isPort isPostalCode
  isRgbColor isSemVer isStrongPassword isSurrogatePair isTaxId isTimeZone isUppercase isVariableWidth`.split(
    /\s+/,
  ),
);

/** What one validator says in JSON Schema; empty for one that has no counterpart. */
export function validatorSchema(rule: ValidationRule): JsonSchema {
  if (rule.validateIf) return {}; // holds for some events only
  if (TEXT_VALIDATORS.has(rule.name)) return { type: 'string' };
  return Object.hasOwn(CONVERTERS, rule.name) ? CONVERTERS[rule.name]!(rule.constraints) : {};
}

const STRICTER: Readonly<Record<string, (one: number, other: number) => number>> = {
  minimum: Math.max,
  exclusiveMinimum: Math.max,
  minLength: Math.max,
  minItems: Math.max,
  maximum: Math.min,
  maxLength: Math.min,
  maxItems: Math.min,
};

function both(keyword: string, one: unknown, other: unknown): unknown {
  if (one === undefined) return other;
  if (STRICTER[keyword]) return STRICTER[keyword](Number(one), Number(other));
  if (keyword === 'enum') return (one as unknown[]).filter((value) => (other as unknown[]).includes(value));
  return keyword === 'type' && one === 'number' ? other : one; // an integer is a number
}

/** What all of these validators say together: the stricter bound, the common values. */
export function rulesSchema(rules: readonly ValidationRule[]): JsonSchema {
  const merged: Record<string, unknown> = {};
  for (const schema of rules.map(validatorSchema)) {
    for (const [keyword, value] of Object.entries(schema))
      merged[keyword] = both(keyword, merged[keyword], value);
  }
  return merged;
}
