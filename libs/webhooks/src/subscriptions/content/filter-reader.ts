import { nearest } from '../../internal/nearest.js';
import type { InputIssues } from '../input-issues.js';
import { isRecord } from '../parse-fields.js';
import type { ContentFilter } from './content-filter.js';
import { OPERATORS } from './filter-operators.js';
import { pathProblem } from './path-text.js';

const MAX_CONDITIONS = 100;
const MAX_DEPTH = 10;
const SHOWN = 80;
const GROUPS = ['$and', '$or', '$not'];
const FIELD_OPERATORS = [...OPERATORS.keys(), '$not'];
const GROUP_FORM = 'It must be an object of fields and conditions: { "total_amount": { "$gt": 500 } }.';
const OPERATORS_FORM =
  'It must be an object of operators: { "$startsWith": "IB" }. For a value there is $ne.';
const FOREIGN_OPERATOR =
  'An operator begins with "$". For a field inside of this one, write "passenger.name".';

/** Where in the filter, and inside how many objects. */
interface Place {
  readonly path: string;
  readonly depth: number;
}

type Read = (name: string, value: unknown, place: Place) => unknown;

/** Copies what is right and reports what is not. It stops when there is too much. */
export class FilterReader {
  private conditions = 0;

  constructor(private readonly issues: InputIssues) {}

  read(filter: unknown): ContentFilter {
    return this.group(filter, { path: 'filter', depth: 0 });
  }

  private group(value: unknown, place: Place): ContentFilter {
    return this.members(value, place, { form: GROUP_FORM, read: (...member) => this.member(...member) });
  }

  private operators(value: unknown, place: Place): ContentFilter {
    return this.members(value, place, {
      form: OPERATORS_FORM,
      read: (...member) => this.operator(...member),
    });
  }

  private member(name: string, value: unknown, place: Place): unknown {
    if (name === '$and' || name === '$or') return this.groups(value, place);
    if (name === '$not') return this.group(value, place);
    const problem = name.startsWith('$') ? misplaced(name) : pathProblem(name);
    if (problem !== null) this.issues.add(place.path, problem);
    return this.condition(value, place);
  }

  private groups(value: unknown, { path, depth }: Place): unknown {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    if (list.length === 0) this.issues.add(path, 'It must be a list of filters.');
    const entries: unknown[] = [];
    for (const [index, each] of list.entries()) {
      if (!this.hasRoom()) break;
      entries.push(this.group(each, { path: `${path}[${index}]`, depth }));
    }
    return entries;
  }

  private condition(value: unknown, place: Place): unknown {
    if (isRecord(value)) return this.operators(value, place);
    const problem = Array.isArray(value)
      ? 'For one of several values, write { "$in": […] }.'
      : OPERATORS.get('$eq')!.problem(value);
    return problem === null ? value : this.refuse(place, problem);
  }

  private operator(name: string, operand: unknown, place: Place): unknown {
    if (name === '$not') return this.operators(operand, place);
    const known = OPERATORS.get(name);
    const problem = known === undefined ? unknownOperator(name, FIELD_OPERATORS) : known.problem(operand);
    if (problem !== null) return this.refuse(place, problem);
    return Array.isArray(operand) ? operand.slice() : operand;
  }

  private members(
    value: unknown,
    { path, depth }: Place,
    { form, read }: { readonly form: string; readonly read: Read },
  ): ContentFilter {
    const problem = objectProblem(value, depth) ?? (isRecord(value) ? null : form);
    if (problem !== null) this.issues.add(path, problem);
    const copy: [string, unknown][] = [];
    for (const name of problem === null ? Object.keys(value as object) : []) {
      if (!this.hasRoom()) break;
      const place = { path: `${path}.${name.slice(0, SHOWN)}`, depth: depth + 1 };
      copy.push([name, read(name, (value as ContentFilter)[name], place)]);
    }
    return Object.fromEntries(copy) as ContentFilter;
  }

  // What is refused is not kept: it may be anything, also what JSON cannot carry.
  private refuse({ path }: Place, problem: string): null {
    this.issues.add(path, problem);
    return null;
  }

  private hasRoom(): boolean {
    if (++this.conditions === MAX_CONDITIONS + 1) {
      this.issues.add('filter', `It has more than ${MAX_CONDITIONS} fields and operators.`);
    }
    return this.conditions <= MAX_CONDITIONS;
  }
}

function objectProblem(value: unknown, depth: number): string | null {
  if (depth > MAX_DEPTH) return `It is nested deeper than ${MAX_DEPTH} objects.`;
  const isEmpty = depth > 0 && isRecord(value) && Object.keys(value).length === 0;
  return isEmpty ? 'It is empty: it would hold for every event.' : null;
}

function misplaced(name: string): string {
  if (!OPERATORS.has(name)) return unknownOperator(name, GROUPS);
  return `It stands beside a field: { "total_amount": { "${name}": … } }.`;
}

function unknownOperator(name: string, known: readonly string[]): string {
  if (!name.startsWith('$')) return FOREIGN_OPERATOR;
  const suggestion = nearest(name, known);
  const hint = suggestion === undefined ? `There are ${known.join(', ')}.` : `Did you mean "${suggestion}"?`;
  return `There is no such operator here. ${hint}`;
}
