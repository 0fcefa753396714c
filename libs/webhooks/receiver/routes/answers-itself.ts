// Nest keeps these names of its metadata to itself; a release that renames them makes this check silent, nothing worse.
const ROUTE_ARGUMENTS = '__routeArguments__';
const PASSTHROUGH = '__responsePassthrough__';
const RESPONSE_OR_NEXT = /^[12]:/;

/** True when Nest leaves the answer to the handler: what an interceptor returns in its place is never sent. */
export function answersItself(type: object, method: string): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGUMENTS, type, method) ?? {}) as object;
  const takesResponse = Object.keys(parameters).some((key) => RESPONSE_OR_NEXT.test(key));
  return takesResponse && Reflect.getMetadata(PASSTHROUGH, type, method) !== true;
}
