/** Another program on the same SQLite file: takes the lock that ARGV names and keeps it until its standard input ends. */
import Database from 'better-sqlite3';

const [, , file, kind] = process.argv;
const database = new Database(file);
database.exec(`BEGIN ${kind}`);
process.stdout.write('locked\n');
process.stdin.on('data', () => undefined);
process.stdin.on('end', () => {
  database.exec('COMMIT');
  database.close();
});
