/**
 * Any class, also an abstract one or one whose constructor is private (events are often made by a static `of`).
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- a constructor type would refuse private constructors
export type Class<T extends object = object> = Function & { readonly prototype: T };
