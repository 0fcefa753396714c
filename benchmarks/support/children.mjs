import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('child-main.mjs', import.meta.url));
/** No single call takes nearly as long: what does has hung. */
const CALL_TIMEOUT_MS = 300_000;
const EXIT_TIMEOUT_MS = 10_000;

/** A module that runs in a process of its own; `call` runs one of the methods of what its `open(options)` gave. */
class Child {
  #process;
  #calls = new Map();
  #nextId = 0;

  constructor(name, process) {
    this.name = name;
    this.#process = process;
    process.on('message', ({ id, result, error }) => {
      const pending = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) pending?.reject(new Error(`${name}: ${error}`));
      else pending?.resolve(result);
    });
    process.once('exit', (code) => {
      for (const { reject } of this.#calls.values())
        reject(new Error(`${name} ended with exit code ${code}`));
    });
  }

  call(method, ...args) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const late = () =>
        reject(new Error(`${this.name}.${method} took longer than ${CALL_TIMEOUT_MS / 1000} s`));
      const timer = setTimeout(late, CALL_TIMEOUT_MS);
      const settle = (action) => (value) => {
        clearTimeout(timer);
        action(value);
      };
      this.#calls.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#process.send({ id, method, args });
    });
  }

  /** Ends it without a goodbye. */
  async kill() {
    const exited = once(this.#process, 'exit');
    if (this.#process.kill('SIGKILL')) await exited;
  }

  async close() {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), EXIT_TIMEOUT_MS);
    await this.call('close').catch(() => undefined);
    if (this.#process.connected) this.#process.disconnect();
    await exited;
    clearTimeout(timer);
  }
}

/** Starts child processes and ends them all. */
export class Children {
  #all = [];
  #profileFolder;

  /** @param profileFolder where V8 leaves a CPU profile of each child; undefined: none is taken */
  constructor(profileFolder) {
    this.#profileFolder = profileFolder;
  }

  /** @param module a path below `benchmarks/`, such as `support/receiver.mjs` */
  async start(name, module, options) {
    const execArgv = ['--expose-gc', ...this.#profiling(name)];
    const url = new URL(`../${module}`, import.meta.url).href;
    const child = fork(MAIN, [url, JSON.stringify(options)], {
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} did not start: exit code ${code}`);
    });
    failed.catch(() => undefined);
    await Promise.race([once(child, 'message'), failed]);
    const started = new Child(name, child);
    this.#all.push(started);
    return started;
  }

  #profiling(name) {
    const file = `${name.replace(/\W+/g, '-')}.cpuprofile`;
    const folder = this.#profileFolder;
    return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`] : [];
  }

  async close() {
    await Promise.all(this.#all.splice(0).map((child) => child.close()));
  }
}
