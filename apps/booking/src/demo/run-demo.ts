import { arrivalsOf } from './arrival.js';
import { INTERRUPTED, interruption } from './interruption.js';
import { Journey } from './journey.js';
import { Expectations } from './literals.js';
import { Proof } from './proof.js';
import { Reconciliation } from './reconciliation.js';
import { Stage } from './stage.js';
import { Story } from './story.js';
import type { Terminal } from './terminal.js';
import { Verdicts } from './verdicts.js';

/** Plays the story and checks it; resolves to the exit code. `DEMO_EXPECT` names another folder of expectations. */
export async function runDemo(terminal: Terminal, env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = Date.now();
  introduce(terminal);
  const opening = Stage.open(env['DATABASE_URL']);
  const stage = await terminal.waiting('the booking app and a receiver to start', opening);
  try {
    const { paint } = terminal;
    terminal.say(`  ${paint.dim('booking app')}  ${stage.appUrl}`);
    terminal.say(`  ${paint.dim('receiver')}     ${stage.receiver.url('')}`);
    terminal.say(`  ${paint.dim('database')}     ${stage.database.label}`);
    const expected = new Expectations(env['DEMO_EXPECT']);
    const verdicts = await Promise.race([play(stage, terminal, { startedAt, expected }), interruption()]);
    if (verdicts) return summarise(verdicts, stage, terminal, startedAt);
    terminal.say('\nInterrupted.');
    return INTERRUPTED;
  } finally {
    await stage.close();
  }
}

function introduce(terminal: Terminal): void {
  const { blue, bold, magenta } = terminal.paint;
  terminal.say(
    `\n${bold('A flight is cancelled, another is flown; their subscribers are told by webhook.')}`,
  );
  terminal.say(
    `${blue('▶')} what is asked of the booking app   ${magenta('◀')} what arrives at a receiver\n`,
  );
}

async function play(
  stage: Stage,
  terminal: Terminal,
  { startedAt, expected }: { startedAt: number; expected: Expectations },
): Promise<Verdicts> {
  const story = new Story(stage, terminal);
  await story.subscribe();
  await story.book();
  await story.ticket();
  await story.cancel();
  const rollback = await story.decline();
  await new Journey(stage, terminal).play();
  const books = await new Reconciliation(stage, terminal).make();
  terminal.heading('Was everything as promised? The files of apps/booking/src/demo/expected say');
  const verdicts = new Verdicts(terminal);
  const arrivals = arrivalsOf(stage.receiver.requests);
  const evidence = { stage, arrivals, secrets: story.secrets, rollback, books, startedAt };
  await new Proof(evidence, expected, verdicts).give();
  return verdicts;
}

function summarise({ kept, broken }: Verdicts, stage: Stage, terminal: Terminal, startedAt: number): number {
  const { bold, green, red, dim } = terminal.paint;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const requests = stage.receiver.requests.length + stage.partners.requests.length;
  const facts = `${requests} requests, ${seconds} s`;
  const verdict =
    broken === 0 ? green(`All ${kept} promises kept`) : red(`${broken} of ${kept + broken} promises broken`);
  terminal.say(`\n${bold(verdict)}  ${dim(facts)}`);
  if (broken === 0) terminal.say(dim('Try it yourself: npm run demo -- --serve'));
  return broken === 0 ? 0 : 1;
}
