/** Places at which a process can die where nobody outside could hit it in time. */
const CRASH_POINTS = {
  // First in the list: the module's own hook, which hands over, does not run any more.
  'before-hand-over': ({ dataSource }) => dataSource.subscribers.unshift({ afterTransactionCommit: die }),
  // Last in the list: the events are written. It goes no further, and leaves the killing to the parent.
  'before-commit': ({ dataSource }) =>
    dataSource.subscribers.push({
      beforeTransactionCommit: () => {
        process.send({ reached: 'committing' });
        return new Promise(() => undefined);
      },
    }),
  'before-record': ({ part }) => {
    const store = part('DeliveryStore');
    const settle = store.settle.bind(store);
    store.settle = (batch) => (batch.settlements.length > 0 ? die() : settle(batch));
  },
};

function die() {
  process.kill(process.pid, 'SIGKILL');
}

/** Like `kill -9` at exactly that point. */
export function dieAt(name, host) {
  CRASH_POINTS[name](host);
}
