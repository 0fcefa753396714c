import type { Behaviour, Misbehaviour } from 'nestjs-webhooks/testing';

type Kind = Misbehaviour['kind'];

/** Misbehaviours that send a status line: whoever sent it believes that he took the message. */
const WITH_STATUS = new Set<Kind>([
  ...(['continue', 'drip', 'early-hints', 'endless-body', 'gzip-bomb', 'half-body'] as const),
  ...(['large-body', 'large-headers', 'reset', 'reset-reused'] as const),
]);

function reachesItsStatus(misbehaviour: Misbehaviour): boolean {
  if (misbehaviour.kind === 'reset')
    return misbehaviour.after !== undefined && misbehaviour.after !== 'request';
  const isEndless = 'repeat' in misbehaviour && misbehaviour.repeat === true;
  return WITH_STATUS.has(misbehaviour.kind) && !isEndless;
}

function statusOf(behaviour: Behaviour): number {
  if (typeof behaviour === 'number') return behaviour;
  if ('kind' in behaviour && !reachesItsStatus(behaviour)) return 0;
  return 'status' in behaviour ? (behaviour.status ?? 200) : 200;
}

/** Whether a receiver that behaves so has taken the message, by its own account. */
export function answeredWell(behaviour: Behaviour): boolean {
  const status = statusOf(behaviour);
  return status >= 200 && status < 300;
}
