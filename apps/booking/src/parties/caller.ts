/** On whose behalf a request is made. */
export interface Caller {
  readonly consumerId: string;
  /** Who does it at the agency; null when nobody at an agency does: the airline, a job. */
  readonly agentId: string | null;
  /** The shopping session it happens in. */
  readonly sessionId: string | null;
}

/** Nobody at an agency: what airlines, the mailbox and the clock bring about has no agent and no session. */
export const NOBODY: Pick<Caller, 'agentId' | 'sessionId'> = { agentId: null, sessionId: null };
