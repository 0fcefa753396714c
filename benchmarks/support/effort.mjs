/** How much is measured: sizes of one repetition, and how many there are. */
const COMMON = { endpoints: 50, eventsPerSecond: 500 };

export const FULL = {
  ...COMMON,
  repetitions: 7,
  requests: 10_000,
  deliveries: 6_000,
  /** Also bodies of 2 kB, for information. */
  envelopes: true,
  naiveDeliveries: 500,
  peerDeliveries: 2_000,
  ownTransactions: 2_000,
  fanOuts: 5,
  transactions: 1_000,
  openRows: 1_000_000,
  claims: 50,
  neighbour: { events: 600, eventsPerSecond: 300 },
  /** Deliveries before it, so that what is measured is compiled code. */
  replay: { archived: 50_000, warmUp: 6_000, events: 1_500, eventsPerSecond: 300 },
  replicas: { deliveries: 3_000 },
  events: 900,
  starts: 5,
  memoryStarts: 5,
  backlogRows: 100_000,
};

/** As few repetitions as have a median, of as little as still shows something. */
export const QUICK = {
  ...COMMON,
  repetitions: 3,
  requests: 2_000,
  deliveries: 1_200,
  envelopes: false,
  naiveDeliveries: 100,
  peerDeliveries: 600,
  ownTransactions: 400,
  fanOuts: 2,
  transactions: 150,
  openRows: 100_000,
  claims: 15,
  neighbour: { events: 150, eventsPerSecond: 300 },
  replay: { archived: 5_000, warmUp: 1_500, events: 300, eventsPerSecond: 300 },
  replicas: { deliveries: 1_500 },
  events: 250,
  starts: 3,
  memoryStarts: 2,
  backlogRows: 20_000,
};
