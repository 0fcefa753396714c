import { classifyFault } from './classify-fault.js';

const failed = (code: string, address: string): Error =>
  Object.assign(new Error(`connect ${code} ${address}`), { code, syscall: 'connect' });

// As Node.js makes it when none of the addresses of a name can be reached.
function none(...errors: Error[]): Error {
  return Object.assign(new AggregateError(errors), { code: (errors[0] as NodeJS.ErrnoException).code });
}

describe('a name of which no address can be reached', () => {
  it.each([
    ['filtered, closed', 'ETIMEDOUT', 'ECONNREFUSED', 'CONNECT_TIMEOUT'],
    ['closed, filtered', 'ECONNREFUSED', 'ETIMEDOUT', 'CONNECTION_REFUSED'],
    ['without a route, filtered', 'ENETUNREACH', 'ETIMEDOUT', 'CONNECTION_REFUSED'],
    ['down, closed', 'EHOSTDOWN', 'ECONNREFUSED', 'CONNECTION_REFUSED'],
  ])('is one that is not reached: %s', (_case, first, second, code) => {
    const fault = classifyFault(none(failed(first, '192.0.2.1:80'), failed(second, '[2001:db8::1]:80')));
    expect(fault.code).toBe(code);
  });

  it('tells of each address what became of it', () => {
    const fault = classifyFault(none(failed('ETIMEDOUT', '192.0.2.1:80'), failed('EACCES', '192.0.2.2:80')));
    expect(fault.message).toBe('ETIMEDOUT: connect ETIMEDOUT 192.0.2.1:80; connect EACCES 192.0.2.2:80');
  });
});
