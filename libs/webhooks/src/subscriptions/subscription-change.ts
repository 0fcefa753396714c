import { isDeepStrictEqual } from 'node:util';
import { InputIssues } from './input-issues.js';
import { isRecord, parseText } from './parse-fields.js';
import type { Subscription } from './subscription.js';
import { viewOf, type SubscriptionView } from './subscription-view.js';
import type { Transition } from './transitions.js';

/** By whom a subscription is changed, and why: kept in its history. */
export interface Author {
  /** The name of a user or of a program, at most 200 characters. `webhooks` is this module itself. */
  readonly actor?: string | undefined;
  /** At most 200 characters. */
  readonly reason?: string | undefined;
}

/** What was done; `rotate`: a new signing secret. */
export type ChangeAction = 'create' | 'update' | 'rotate' | 'delete' | Transition;

/** What a member was and became; null: nothing. Alike where no more than a secret in it is another one. */
export interface MemberChange {
  readonly before: unknown;
  readonly after: unknown;
}

/** What is written beside a change, in the same transaction. */
export interface ChangeNote {
  readonly action: ChangeAction;
  readonly actor: string | null;
  readonly reason: string | null;
  /** JSON: object of {@link MemberChange}, by the path of the member. */
  readonly what: string;
}

/** A subscription before and after a change; null: there is none. */
export interface BeforeAndAfter {
  readonly before: Subscription | null;
  readonly after: Subscription | null;
}

type Members = Readonly<Record<string, unknown>>;

const MAX_LENGTH = 200;
const UNCHANGED = ['id', 'tenant', 'version', 'problem', 'created_at', 'updated_at'] as const;
/** Members of which each part is a member. */
const SPREAD = ['http_request', 'http_request.header', 'template_secrets', 'metadata', 'limits'];

/** @throws SubscriptionInvalidError when the author's texts are none, or too long */
export function noteOf(action: ChangeAction, author: Author, versions: BeforeAndAfter): ChangeNote {
  const issues = new InputIssues();
  const actor = parseText(author.actor, 'actor', issues, { max: MAX_LENGTH });
  const reason = parseText(author.reason, 'reason', issues, { max: MAX_LENGTH });
  issues.throwIfAny();
  return { action, actor, reason, what: JSON.stringify(changedMembers(versions)) };
}

// Compared in clear, written down as shown: a new secret is a change, and stays a secret.
function changedMembers({ before, after }: BeforeAndAfter): Record<string, MemberChange> {
  const [was, became] = [before, after].map((each) => new Map(each ? spread(clearOf(each)) : []));
  const [wasShown, becomes] = [before, after].map((each) => new Map(each ? spread(shownOf(each)) : []));
  const paths = [...new Set([...was!.keys(), ...became!.keys()])];
  const changed = paths.filter(
    (path) => !isDeepStrictEqual(was!.get(path) ?? null, became!.get(path) ?? null),
  );
  const shown = changed.map((path) => {
    return [path, { before: wasShown!.get(path) ?? null, after: becomes!.get(path) ?? null }] as const;
  });
  return Object.fromEntries(shown);
}

function clearOf(subscription: Subscription): Members {
  const { httpRequest, templateSecrets, authentication, secrets } = subscription;
  return {
    ...shownOf(subscription),
    ...{ http_request: httpRequest, template_secrets: templateSecrets, authentication, secrets },
  };
}

function shownOf(subscription: Subscription): Members {
  const view = viewOf(subscription);
  // Not even the last characters of a signing secret, which a view may show to those who may see it.
  const secrets = view.secrets.map(({ id, not_after }) => ({ id, not_after }));
  const unchanged: readonly string[] = UNCHANGED;
  const members = Object.entries(view).filter(([name]) => !unchanged.includes(name));
  return { ...Object.fromEntries(members), secrets } satisfies Partial<
    Record<keyof SubscriptionView, unknown>
  >;
}

function spread(members: Members, above = ''): [string, unknown][] {
  return Object.entries(members).flatMap(([name, value]): [string, unknown][] => {
    const path = above + name;
    return SPREAD.includes(path) && isRecord(value) ? spread(value, `${path}.`) : [[path, value]];
  });
}
