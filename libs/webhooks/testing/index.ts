export type { Answer, Behaviour, Misbehaviour, Misbehaviours } from './behaviour.js';
export type { ReceivedRequest } from './received-request.js';
export { RecordingTransport, type ScriptedResult } from './recording.transport.js';
export type { Expectation } from './request-log.js';
export { TestClock } from './test-clock.js';
export { WebhookReceiver, type WebhookReceiverOptions } from './webhook-receiver.js';
