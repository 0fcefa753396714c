import { TemplateError } from '../errors/template-error.js';
import { nearest } from '../internal/nearest.js';
import type { PathKey } from './plain-path.js';

/** The name under which a template finds the subscription's secrets; no event field is reached by it. */
export const SECRETS = 'secrets';

/** The secrets a template may name, and those it does. */
export class KnownSecrets {
  /** Where each secret that the template reads stands first. */
  readonly used = new Map<string, string>();

  /** @param names the secrets that exist; undefined accepts any name */
  constructor(private readonly names?: readonly string[]) {}

  /**
   * @param keys a path that begins with `secrets`
   * @throws TemplateError TEMPLATE_UNKNOWN_FIELD unless it is `secrets.NAME` and the name is known
   */
  resolve([root, name, ...rest]: readonly PathKey[], path: string): PathKey[] {
    if (root !== SECRETS || typeof name !== 'string' || rest.length > 0) {
      const problem = 'Secrets are read one by one, as {{ secrets.NAME }}.';
      throw new TemplateError('TEMPLATE_UNKNOWN_FIELD', path, problem);
    }
    if (this.names !== undefined && !this.names.includes(name)) {
      const suggestion = nearest(name, this.names);
      const problem = `The subscription has no secret "${name}".`;
      throw new TemplateError('TEMPLATE_UNKNOWN_FIELD', path, problem, { suggestion });
    }
    if (!this.used.has(name)) this.used.set(name, path);
    return [root, name];
  }
}
