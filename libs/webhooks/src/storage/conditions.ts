/** Puts a `WHERE` together, and the parameters for it. */
export class Conditions {
  readonly params: unknown[] = [];
  private readonly texts: string[] = [];

  /** @param text a condition; give values to {@link Conditions.bind} */
  add(text: string): void {
    this.texts.push(text);
  }

  /** A placeholder for a value. */
  bind(value: unknown): string {
    this.params.push(value);
    return `$${this.params.length}`;
  }

  /** All of them. */
  get where(): string {
    return this.texts.length === 0 ? 'true' : this.texts.join(' AND ');
  }
}
