/** How much is measured: sizes of one repetition, and how many there are. */
const COMMON = { endpoints: 50 };

export const FULL = {
  ...COMMON,
  repetitions: 7,
  requests: 10_000,
  deliveries: 6_000,
  naiveDeliveries: 500,
  peerDeliveries: 2_000,
  ownTransactions: 2_000,
  fanOuts: 5,
  transactions: 1_000,
  openRows: 1_000_000,
  claims: 50,
  starts: 5,
  backlogRows: 100_000,
  neighbour: { events: 600, eventsPerSecond: 300 },
  replicas: { deliveries: 3_000 },
  events: 900,
  eventsPerSecond: 500,
};

export const QUICK = {
  ...COMMON,
  repetitions: 5,
  requests: 3_000,
  deliveries: 2_000,
  naiveDeliveries: 150,
  peerDeliveries: 600,
  ownTransactions: 500,
  fanOuts: 2,
  transactions: 200,
  openRows: 100_000,
  claims: 20,
  starts: 5,
  backlogRows: 20_000,
  neighbour: { events: 300, eventsPerSecond: 300 },
  replicas: { deliveries: 1_200 },
  events: 300,
  eventsPerSecond: 500,
};
