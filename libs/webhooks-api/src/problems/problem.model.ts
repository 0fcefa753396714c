import { modelOf } from '../operations/model.factory.js';
import { text } from '../operations/fields.js';

/** One thing that is wrong with what was sent. */
export interface ProblemIssue {
  readonly path: string;
  readonly message: string;
}

/** Problem details by RFC 9457, with our stable `code`. */
export interface Problem {
  /** `about:blank`: what is meant is in the `code`. */
  readonly type: string;
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** What happened, to which thing, and what to do. */
  readonly detail: string;
  readonly code: string;
  readonly path?: string;
  readonly suggestion?: string;
  readonly issues?: readonly ProblemIssue[];
}

const ProblemIssueModel = modelOf<ProblemIssue>('ProblemIssue', {
  path: text('Where: a parameter, a header, or a member of the body.', { maxLength: 10_000 }),
  message: text('What is wrong there and the way out.', { maxLength: 10_000 }),
});

/** For the OpenAPI document. */
export const ProblemModel = modelOf<Problem>('Problem', {
  type: text('`about:blank`: what is meant is in the `code`.'),
  title: text('The status in words.'),
  status: { type: 'integer' },
  detail: text('What happened, to which thing, and what to do.', { maxLength: 10_000 }),
  code: text('Stable: switch on it.'),
  path: text('The place of the first issue.', { required: false, maxLength: 10_000 }),
  suggestion: text('The nearest name that would have been right.', { required: false }),
  issues: { models: ProblemIssueModel, required: false, description: 'Everything that is wrong.' },
});
