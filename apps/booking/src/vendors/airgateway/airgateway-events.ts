/** The events for which AirGateway's customers configure requests, each under its own name. */
export const AIRGATEWAY_EVENTS: readonly string[] = [
  'OrderCreated',
  'OrderChanged',
  'OrderCanceled',
  'OrderTicketed',
  'OrderStarted',
  'OrderCompleted',
  'ServicesAddition',
  'ServicesDeletion',
  'SeatsAddition',
  'SeatsDeletion',
  'DatesChanged',
];
