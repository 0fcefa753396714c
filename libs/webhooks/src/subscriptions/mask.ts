/** Stands for a secret value in what is shown; sent back in an update it means: keep it. */
export const MASK = '********';

const SECRET_NAME =
  /token|secret|key|passw|pwd|signature|auth|credential|cookie|session|jwt|^(?:sig|code|pass)$/i;

/** Whether a header, or a parameter of a URL, says by its name that its value must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** What reads the event or a secret and adds nothing of its own. */
const READING = /\{\{-?\s*[A-Za-z_][\w.[\]]*\s*-?\}\}/g;

/** Whether a value says something itself: it is more than placeholders that read. */
export function holdsText(value: string): boolean {
  return value.replace(READING, '').trim() !== '';
}
