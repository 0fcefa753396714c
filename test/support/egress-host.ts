import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { EgressOptions } from 'nestjs-webhooks';

const HOST = fileURLToPath(new URL('./recorded-host.mjs', import.meta.url));

/** One request of the host. */
export interface EgressStep {
  readonly url: string;
  /** Rules that replace the present ones before it. */
  readonly replace?: EgressOptions;
  /** Put into `Object.prototype` while it is under way. */
  readonly pollute?: Readonly<Record<string, unknown>>;
}

/** What a host does, and the world it does it in. */
export interface EgressScenario {
  readonly steps: readonly EgressStep[];
  readonly egress?: EgressOptions;
  /** The addresses of a name: the first look-up gets the first list, and so on; the last one repeats. Other names are unknown. */
  readonly dns?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /**
   * Servers on 127.0.0.1 that play an address; `as`: the address that the connection then claims to have; `own`: at
   * its near end, too. Connections to other addresses are refused.
   */
  readonly reach?: Readonly<
    Record<string, { readonly port: number | 'same'; readonly as?: string; readonly own?: boolean }>
  >;
  /** What a careless host does to the axios of everybody. */
  readonly axiosDefaults?: Readonly<Record<string, unknown>>;
  /** Where an interceptor of the host sends every webhook. */
  readonly interceptUrl?: string;
}

/** What became of one request. */
export interface EgressOutcome {
  readonly url: string;
  /** Why it would not be saved, or null. */
  readonly saved: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly detail: string | null;
  /** Every connection that was begun: `address:port`, or `unix:path`. */
  readonly connects: readonly string[];
  /** Every name that was looked up. */
  readonly lookups: readonly string[];
}

/** Plays a scenario with the built package in a process of its own. */
export async function playEgress(
  scenario: EgressScenario,
  env: NodeJS.ProcessEnv = {},
): Promise<EgressOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'egress-'));
  const { NODE_OPTIONS: _jestFlags, ...inherited } = process.env;
  const SCENARIO = JSON.stringify({ ...scenario, database: join(folder, 'webhooks.sqlite') });
  const child = spawn(process.execPath, [HOST], {
    env: { ...inherited, SCENARIO, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await rm(folder, { recursive: true });
  if (out === '') throw new Error(`The host failed: ${errors}`);
  return JSON.parse(out) as EgressOutcome[];
}
