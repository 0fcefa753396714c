import type { Host } from './host.js';
import { partOf } from './internals.js';
import type { Mutant, Statement } from './statement-tap.js';

interface InnerExecutor {
  run(statements: readonly Statement[]): Promise<Record<string, unknown>[][]>;
}

interface InnerDatabase {
  within(manager: object): InnerExecutor;
}

/** Breaks the statements that the module runs inside of transactions. */
export function breakDatabase(host: Host, { clause, instead }: Mutant): void {
  const database = partOf<InnerDatabase>(host, 'Database');
  const within = database.within.bind(database);
  database.within = (manager) => ({
    run: (statements) =>
      within(manager).run(
        statements.map(({ sql, params }) => ({ sql: sql.replaceAll(clause, instead), params })),
      ),
  });
}
