/** The module's way out of the process, alone: nothing is rendered, signed or recorded. */
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import { openHost } from '../support/host-app.mjs';
import { inFlight } from '../support/in-flight.mjs';
import { noticeBody } from '../support/order-bodies.mjs';
import { requestHeaders } from '../support/request-headers.mjs';

const body = Buffer.from(noticeBody('AGW-123456'));
/** As the module passes it: without one, HttpService makes and cancels one for each request. */
const cancelToken = new axios.CancelToken(() => {});

export async function open({ database, ports }) {
  const host = await openHost({ database });
  const { transport } = host;
  const { httpService } = transport;
  const url = (number) => `http://127.0.0.1:${ports[number % ports.length]}/webhooks`;

  const senders = {
    /** `HttpService.request()`, as a host with interceptors of its own sees it. */
    request: (number) => {
      const headers = requestHeaders(`request_${number}`);
      const config = { method: 'POST', url: url(number), headers, data: body, cancelToken };
      return firstValueFrom(httpService.request(config));
    },
    /** What the engine calls: the same, with a deadline, and the response made ready for the record. */
    send: (number) => {
      const headers = requestHeaders(`send_${number}`);
      return transport.send({ method: 'POST', url: url(number), headers, body, timeoutMs: 15_000 });
    },
  };

  return {
    measure: (count, way) => inFlight(count, senders[way]),
    close: () => host.close(),
  };
}
